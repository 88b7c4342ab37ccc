"""Honest files of many libraries, made anew by whoever measures: recipes, and what writes them in every form."""
