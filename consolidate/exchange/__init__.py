"""What goes back to project managers: their workbook annotated, or a list, and a text.

Only here openpyxl opens a manager's workbook, and only in a confined worker.
"""
