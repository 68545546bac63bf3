"""The pages of the review app, a module each.

Here belongs: one module per page with a function `show`, which draws it. Not here: the
order of pages and their names (app/contents.py), what several pages need (app/).
"""
