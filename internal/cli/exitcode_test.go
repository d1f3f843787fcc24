package cli_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// exitCode is a command for scripts: exitcode PROGRAM ARGS... runs the program
// and prints its exit code behind its output.
func exitCode() {
	command := exec.Command(os.Args[1], os.Args[2:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := command.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("exit", command.ProcessState.ExitCode())
}
