"""Which response keys stand for what, so that whatever a document selects can be merged."""

from dataclasses import dataclass, field


@dataclass
class Entry:
    """What a key stands for: a field of a type, called in this way, of this type; and the keys below it."""

    parent: str
    name: str
    call: str
    type: str
    below: "Scope"

    def means(self, other: "Entry") -> bool:
        return (self.name, self.call, self.type) == (other.name, other.call, other.type)


@dataclass
class Scope:
    """The keys of one place in the response."""

    keys: dict[str, Entry] = field(default_factory=dict)

    def fits(self, other: "Scope") -> bool:
        """Whether what is selected there can be selected here too."""
        return all(
            key not in self.keys or (self.keys[key].means(entry) and self.keys[key].below.fits(entry.below))
            for key, entry in other.keys.items()
        )

    def take(self, other: "Scope") -> None:
        """Select here too what is selected there."""
        for key, entry in other.keys.items():
            own = self.keys.setdefault(key, Entry(entry.parent, entry.name, entry.call, entry.type, Scope()))
            own.below.take(entry.below)
