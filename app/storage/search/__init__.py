"""Searching: the fields of every kind of object with their columns, and filter trees as SQL."""
