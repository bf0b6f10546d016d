"""Loaded by mutmut's runs of the tests (`-p tests.mutation.profile`): what Hypothesis draws while a mutant is tried."""

from hypothesis import Phase, settings

# The same examples each time, and none made smaller: nobody reads how a mutant failed.
settings.register_profile("mutants", settings.get_profile("ci"), phases=[Phase.explicit, Phase.generate])
