"""One module for each sample workbook, or a few of a kind."""
