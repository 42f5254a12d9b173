"""组织表 (sheet): the organisation as a spreadsheet: written, read, compared with what stands. No database in here."""
