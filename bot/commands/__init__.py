"""The commands of CONTRACT: one module for each group. They read the settings, open the parts and call what the doors call."""
