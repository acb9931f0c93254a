"""Pages of docs/ that are written from the code, so that they cannot say anything else.

Each module gives pages as ``{path below docs/: text}``; ``manage.py reference_pages`` and
``manage.py state_diagrams`` write them, and a test compares what is committed.
"""
