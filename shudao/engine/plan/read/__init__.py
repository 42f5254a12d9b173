"""读预案 (reading a written plan): bytes of a Word, Markdown, text or PDF file -> what the text says, cut from it.

Order of work, one module each: `files` (bytes -> lines), `outline` (numbering -> headings and their reach),
`boundary` (what Shudao does not do), `names` (units and posts), `times` (limits and holes), `duties`, `papers`
(reports, sign-offs, channels), `levels`, then `reader` joins them and `draft` writes a plan folder from the reading.
"""
