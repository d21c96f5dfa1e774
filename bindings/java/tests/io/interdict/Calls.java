package io.interdict;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes the hits of names, one line a hit, and measures many calls from four threads.
 *
 * <p>{@code Calls INDEX NAMES OUTPUT CALLS}: NAMES has one name a line. Every answer of the measured calls is compared with the
 * first one. The cost is processor time of the calling threads.
 */
public final class Calls {
    private static final int THREADS = 4;

    private Calls() {}

    /** A hit as the other ways write it. */
    private static String line(int row, Hit hit) {
        return String.join("\t", Integer.toString(row), String.format(Locale.ROOT, "%.5f", hit.score()), hit.list(), hit.entityId(),
                hit.entityName(), hit.matchedName(), hit.schema().label(), hit.program(), hit.matchedBy().label(),
                hit.group());
    }

    /**
     * Runs it.
     *
     * @param arguments index, names, output, number of calls
     * @throws Exception if a file cannot be read or an answer differs
     */
    public static void main(String[] arguments) throws Exception {
        List<String> names = Files.readAllLines(Path.of(arguments[1]));
        int calls = Integer.parseInt(arguments[3]);
        try (Screener screener = Screener.open(Path.of(arguments[0]))) {
            List<Party> parties = names.stream().map(Party::of).toList();
            List<List<Hit>> expected = write(screener, parties, Path.of(arguments[2]));
            // The first half lets the virtual machine compile.
            run(screener, parties, expected, calls / 2);
            double nanos = run(screener, parties, expected, calls);
            System.out.printf("java %s, %s: %d calls from %d threads, %.3f us of processor time a call%n",
                    System.getProperty("java.specification.version"), Screener.backend(), calls, THREADS, nanos / 1000);
        }
    }

    private static List<List<Hit>> write(Screener screener, List<Party> parties, Path output) throws IOException {
        List<List<Hit>> answers = new ArrayList<>();
        try (PrintStream lines = new PrintStream(Files.newOutputStream(output), false, StandardCharsets.UTF_8)) {
            for (int i = 0; i < parties.size(); i++) {
                List<Hit> hits = screener.screen(parties.get(i));
                for (Hit hit : hits) {
                    lines.print(line(i + 1, hit) + "\n");
                }
                answers.add(hits);
            }
        }
        return answers;
    }

    /** Screens from four threads, each from another name on; returns the nanoseconds of processor time of a call. */
    private static double run(Screener screener, List<Party> parties, List<List<Hit>> expected, int calls) throws Exception {
        AtomicLong nanos = new AtomicLong();
        AtomicReference<String> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int first = t * parties.size() / THREADS;
            Thread thread = new Thread(() -> {
                ThreadMXBean clock = ManagementFactory.getThreadMXBean();
                long begin = clock.getCurrentThreadCpuTime();
                int differing = 0;
                for (int i = 0; i < calls / THREADS; i++) {
                    int at = (first + i) % parties.size();
                    List<Hit> hits = screener.screen(parties.get(at));
                    differing += hits.equals(expected.get(at)) ? 0 : 1;
                }
                nanos.addAndGet(clock.getCurrentThreadCpuTime() - begin);
                if (differing > 0) {
                    failure.set(differing + " answers differ");
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        return (double) nanos.get() / calls;
    }
}
