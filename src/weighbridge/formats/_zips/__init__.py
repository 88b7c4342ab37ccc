"""ZIP archives: every member, by every way in which a loader could find it."""
