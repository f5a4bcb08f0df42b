"""The search for better plans: large parts of the known plan are kept, a small part is decided anew, over and over.

Runs in a child process. ``improve.Search`` is the loop, ``shapes`` chooses the part, ``slices`` cuts it out of the matrix.
"""
