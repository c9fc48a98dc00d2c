"""Charts as SVG strings: percent coordinates across, pixels down, text never scaled, colours as CSS variables."""
