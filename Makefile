# Two commands: `make run` serves the portal with its demo, `make test` proves it.
.PHONY: run test check bench demo-reset lock

run:
	@bin/run

test:
	@bin/test

check:
	@bin/check

bench:
	@bin/bench

demo-reset:
	@bin/demo-reset

lock:
	@bin/lock
