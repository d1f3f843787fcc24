package cli

import (
	"fmt"

	"github.com/alecthomas/kong"
)

type configCommand struct{ settings }

// Run prints every setting, its value and where that came from.
func (s *configCommand) Run(c *command, flags *kong.Context) error {
	loaded, err := s.load(flags)
	if err != nil {
		return err
	}
	all := loaded.Settings()
	if c.json {
		values := map[string]any{}
		for _, setting := range all {
			values[setting.Key] = setting.Value
		}
		return c.printJSON(values)
	}
	for _, setting := range all {
		if _, err := fmt.Fprintf(c.Out, "%-24s %-32s # %s\n", setting.Key+":", fmt.Sprint(setting.Value), setting.Source); err != nil {
			return err
		}
	}
	return nil
}
