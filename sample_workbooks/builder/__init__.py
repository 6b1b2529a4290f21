"""What builds the sample workbooks, and the truth beside them."""
