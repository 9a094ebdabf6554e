// Parses statements with CockroachDB's own parser, and prints those that it refuses. It knows the grammar alone: not whether
// functions, types and plans are there.
//
//	git clone https://github.com/cockroachdb/cockroachdb-parser && cd cockroachdb-parser
//	go run .../scripts/cockroachdb/parse.go < statements.jsonl
//
// statements.jsonl: a statement a line, as a JSON string; statements.ts beside this file prints them. Exit code 1 when one is
// refused but LISTEN, which CockroachDB does not have.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/cockroachdb/cockroachdb-parser/pkg/sql/parser"
)

func main() {
	lines := json.NewDecoder(os.Stdin)
	count, refused, unexpected := 0, 0, 0
	for {
		var statement string
		err := lines.Decode(&statement)
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "the input is not a JSON string a line:", err)
			os.Exit(2)
		}
		count++
		if _, err := parser.Parse(statement); err != nil {
			refused++
			if !strings.HasPrefix(statement, "listen ") {
				unexpected++
			}
			fmt.Printf("%s\n  %v\n", statement, err)
		}
	}
	fmt.Printf("%d statements, %d refused\n", count, refused)
	if count == 0 || unexpected > 0 {
		os.Exit(1)
	}
}
