// Command tocsin tells people when somebody calls an AWS API without being
// allowed to, and proves that it would.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/tocsin-dev/tocsin/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
