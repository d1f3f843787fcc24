// Command bench measures a running Tocsin from outside: how long it takes from
// start to ready, how much memory it holds idle and under load, and how long a
// denied call takes from the file's arrival to the mail while other records
// keep arriving. It prints one table.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

func main() {
	rate := flag.Int("rate", 1000, "records a second that arrive in the background")
	probes := flag.Int("probes", 90, "denied calls to time, at most 95")
	root := flag.String("root", ".", "folder of the module")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *root, *rate, min(*probes, 95)); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string, rate, probes int) error {
	work, err := os.MkdirTemp("", "tocsin-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	binary, err := instance.Build(ctx, root, work)
	if err != nil {
		return err
	}
	trail := filepath.Join(work, "trail")
	if err := os.MkdirAll(trail, 0o755); err != nil {
		return err
	}
	in, err := instance.New(binary, filepath.Join(work, "data"), "--trail", trail, "--notify", "bench@example.com")
	if err != nil {
		return err
	}
	starts, err := timeStarts(ctx, in, 5)
	if err != nil {
		return err
	}
	if err := in.Start(ctx); err != nil {
		return err
	}
	defer in.Kill() // the process may be gone
	time.Sleep(3 * time.Second)
	idle, err := memory(in, "VmRSS")
	if err != nil {
		return err
	}
	latencies, err := (&load{in: in, trail: trail, rate: rate, probes: probes}).run(ctx)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, in.Output())
	}
	peak, err := memory(in, "VmHWM")
	if err != nil {
		return err
	}
	fmt.Printf("start to ready, median of %d      %v\n", len(starts), median(starts))
	fmt.Printf("memory idle (VmRSS)             %d MB\n", idle/1024)
	fmt.Printf("memory peak under load (VmHWM)  %d MB\n", peak/1024)
	fmt.Printf("file to mail at %d records/s, %d probes: p50 %v, p99 %v, max %v\n", rate, len(latencies),
		percentile(latencies, 50), percentile(latencies, 99), latencies[len(latencies)-1])
	return nil
}

// timeStarts starts and stops the instance, the first time on an empty folder.
func timeStarts(ctx context.Context, in *instance.Instance, times int) ([]time.Duration, error) {
	var took []time.Duration
	for range times {
		if err := in.Start(ctx); err != nil {
			return nil, err
		}
		took = append(took, time.Since(in.Started).Round(time.Millisecond))
		if err := in.Stop(ctx); err != nil {
			return nil, err
		}
	}
	slices.Sort(took)
	return took, nil
}

func median(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] }

func percentile(sorted []time.Duration, p int) time.Duration {
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}

// memory reads a figure of /proc/PID/status, in KiB.
func memory(in *instance.Instance, figure string) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", in.PID()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, figure+":"); ok {
			var kib int
			_, err := fmt.Sscanf(value, "%d kB", &kib)
			return kib, err
		}
	}
	return 0, fmt.Errorf("no %s in the status of process %d", figure, in.PID())
}
