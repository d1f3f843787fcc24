// Command killtest kills a Tocsin with SIGKILL at random moments while CloudTrail
// files arrive, some of them twice, and then counts: the metric sums must equal
// the truth exactly, every transition of an alarm must have its mail, and no
// mail may lack a transition. It prints what it did and exits 1 on a mismatch.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"time"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

func main() {
	rounds := flag.Int("rounds", 25, "how often to kill")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the random choices")
	root := flag.String("root", ".", "folder of the module")
	keep := flag.Bool("keep", false, "keep the working folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *root, *rounds, *seed, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "killtest:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string, rounds int, seed uint64, keep bool) error {
	work, err := os.MkdirTemp("", "tocsin-killtest-")
	if err != nil {
		return err
	}
	if keep {
		fmt.Println("working folder:", work)
	} else {
		defer os.RemoveAll(work)
	}
	random := rand.New(rand.NewPCG(seed, 0))
	fmt.Printf("killtest: %d rounds, seed %d\n", rounds, seed)

	corpus, err := makeCorpus(ctx, root, work, rounds, random)
	if err != nil {
		return err
	}
	fmt.Printf("corpus: %d files, %d distinct records, %d delivered\n", len(corpus.files), corpus.truth["records"], corpus.delivered)
	binary, err := instance.Build(ctx, root, work)
	if err != nil {
		return err
	}
	trial := &trial{dir: work, corpus: corpus, random: random}
	defer trial.end()
	if err := trial.prepare(ctx, binary); err != nil {
		return err
	}
	for round := 1; round <= rounds; round++ {
		if err := trial.round(ctx, round, rounds); err != nil {
			return fmt.Errorf("round %d: %w", round, err)
		}
	}
	return trial.judge(ctx)
}
