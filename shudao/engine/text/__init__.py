"""文本 (text): folding, segmentation and fingerprints shared by the whole engine."""
