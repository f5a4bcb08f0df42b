"""The parent's side of a solve: children started, heard, judged and tried again. Imports no solver."""
