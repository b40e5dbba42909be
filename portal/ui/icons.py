"""The signs of the portal, drawn on a grid of 16: own drawings, because the font has none."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Filled shapes.
_FILLED = {
    "late": '<path d="M7.1 2.1a1 1 0 0 1 1.8 0l5.9 10.9a1 1 0 0 1-.9 1.5H2.1a1 1 0 0 1-.9-1.5Z"/>',
    "soon": '<circle cx="8" cy="8" r="4.5"/>',
    "calm": '<circle cx="8" cy="8" r="2"/>',
}
# Lines of two units, round at the ends.
_LINES = {
    "ok": '<path d="m3 8.6 3.4 3.4L13 4.6"/>',
    "info": '<circle cx="8" cy="8" r="6.2"/><path d="M8 7.4v3.4M8 5h.01"/>',
    "lock": '<rect x="3" y="7" width="10" height="7" rx="1.4"/><path d="M5.4 7V4.8a2.6 2.6 0 0 1 5.2 0V7"/>',
    "pin": '<path d="M5 2.2h6M6.2 2.2v4.2L4 9.4h8L9.8 6.4V2.2M8 9.4v4.6"/>',
    "arrow": '<path d="M3 8h10M9 4l4 4-4 4"/>',
    "back": '<path d="M13 8H3M7 4 3 8l4 4"/>',
    "next": '<path d="m6 3.4 4.6 4.6L6 12.6"/>',
    "up": '<path d="M3.6 10 8 5.6l4.4 4.4"/>',
    "down": '<path d="m3.6 6 4.4 4.4L12.4 6"/>',
    "menu": '<path d="M2.4 4h11.2M2.4 8h11.2M2.4 12h11.2"/>',
    "close": '<path d="m3.6 3.6 8.8 8.8M12.4 3.6l-8.8 8.8"/>',
    "leave": '<path d="M6.4 2.4H3v11.2h3.4M6.6 8h7M11 5.2 13.8 8 11 10.8"/>',
    "plus": '<path d="M8 2.8v10.4M2.8 8h10.4"/>',
    "undo": '<path d="M5.6 2.8 2.6 5.8l3 3"/><path d="M3 5.8h6.2a3.7 3.7 0 0 1 0 7.4H6"/>',
    "document": '<path d="M4 1.8h5.2L12.8 5.4v8.8H4ZM9 2v3.6h3.6M6.4 8.6h4M6.4 11.2h4"/>',
    "download": '<path d="M8 2v8M4.6 6.8 8 10.2l3.4-3.4M2.8 13.4h10.4"/>',
    "print": '<path d="M4.4 5.8V2h7.2v3.8M4.4 11.4H2.2V5.8h11.6v5.6h-2.2M4.4 9.4h7.2V14H4.4Z"/>',
    "phone": '<path d="M3.4 2h2.4l1.3 3.3-1.7 1.3a8.6 8.6 0 0 0 4 4l1.3-1.7L14 10.2v2.4A1.6 1.6 0 0 1 12.3 14'
    'C6.8 13.6 2.4 9.2 2 3.7A1.6 1.6 0 0 1 3.4 2Z"/>',
    "mail": '<rect x="1.8" y="3.2" width="12.4" height="9.6" rx="1.2"/><path d="m2.4 4.4 5.6 4.4 5.6-4.4"/>',
    "calendar": '<rect x="2" y="3.2" width="12" height="10.6" rx="1.4"/>'
    '<path d="M2 6.8h12M5.2 1.8v2.6M10.8 1.8v2.6"/>',
    "clock": '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.6V8l2.4 1.8"/>',
    "person": '<circle cx="8" cy="5" r="2.9"/><path d="M2.6 14a5.5 5.5 0 0 1 10.8 0"/>',
    "search": '<circle cx="6.8" cy="6.8" r="4.6"/><path d="m10.3 10.3 3.9 3.9"/>',
    "eye": '<path d="M1.4 8S3.8 3.6 8 3.6 14.6 8 14.6 8 12.2 12.4 8 12.4 1.4 8 1.4 8Z"/>'
    '<circle cx="8" cy="8" r="2"/>',
    "shield": '<path d="M8 1.8 13.2 3.6v4.2c0 3.2-2.2 5.4-5.2 6.4-3-1-5.2-3.2-5.2-6.4V3.6Z"/>',
    "pencil": '<path d="M2.4 13.6 3.2 10.6 10.8 3a1.4 1.4 0 0 1 2.2 2.2L5.4 12.8Z"/>',
}


_FRAME = 'class="icon" width="16" height="16" viewBox="0 0 16 16"'
_FILL = 'fill="currentColor"'
_STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'

_SIGNS = {name: (f"{_FRAME} {_FILL}", body) for name, body in _FILLED.items()} | {
    name: (f"{_FRAME} {_STROKE}", body) for name, body in _LINES.items()
}
NAMES = frozenset(_SIGNS)
_SILENT = {
    name: mark_safe(f'<svg {frame} aria-hidden="true">{body}</svg>')  # noqa: S308 - constants of this file
    for name, (frame, body) in _SIGNS.items()
}


def draw(name: str, title: str = "") -> SafeString:
    """The sign as inline SVG: silent beside a word, or with a title where it stands alone."""
    if not title:
        return _SILENT[name]
    frame, body = _SIGNS[name]
    return format_html(
        '<svg {} role="img"><title>{}</title>{}</svg>',
        mark_safe(frame),  # noqa: S308 - constant of this file
        title,
        mark_safe(body),  # noqa: S308 - constant of this file
    )
