package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is the release. The build information adds the commit.
const version = "0.1.0-dev"

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(c *command) error {
	revision := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				revision = setting.Value
			}
		}
	}
	if c.json {
		return c.printJSON(map[string]string{"version": version, "revision": revision, "go": runtime.Version()})
	}
	_, err := fmt.Fprintf(c.Out, "tocsin %s (%s, %s)\n", version, revision, runtime.Version())
	return err
}
