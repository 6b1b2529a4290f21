"""Blocks of cells to fields of tables: which table, which column, which rows."""
