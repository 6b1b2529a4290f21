"""What a run costs, on generated workbooks."""
