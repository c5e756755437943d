"""Importing what a merchant has: one door, `read_files`, whatever the format."""

from knowledge.importing.file_reader import FileResult
from knowledge.importing.problems import Problem
from knowledge.importing.reading import NamedBytes, read_files

__all__ = ["FileResult", "NamedBytes", "Problem", "read_files"]
