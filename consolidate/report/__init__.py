"""What is published: the data package, the consolidated workbook, the HTML report."""
