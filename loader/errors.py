"""What can stop the loader: a broken environment, never bad data (bad data is a Finding).

LoaderError           exit code 2; the message names the file or folder and the remedy
├── ReleaseError      a release is missing or damaged, or may not be written where it was asked for
├── BuildRunningError  another build holds the release folder's lock
├── ResourceError     ontology, shapes or sources cannot be found
├── LayoutError       layouts.toml is not what the loader can read
├── OntologyError     a Turtle or mapping file of the ontology cannot be read
└── RuleError         a rule, check or question file lacks its header or is not SPARQL
"""

from __future__ import annotations


class LoaderError(Exception):
    """The loader cannot work here; the message says what is wrong, where, and how to mend it."""


class ReleaseError(LoaderError):
    """A release is missing or damaged; the message names the folder and the remedy."""


class BuildRunningError(LoaderError):
    """Another build writes to the same release folder."""


class ResourceError(LoaderError):
    """A folder that comes with the program cannot be found."""


class LayoutError(LoaderError):
    """The description of the tables contradicts itself."""


class OntologyError(LoaderError):
    """A file of the ontology cannot be read."""


class RuleError(LoaderError):
    """A rule, check or question file cannot be used."""
