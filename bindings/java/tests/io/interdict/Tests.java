package io.interdict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Tests of the package, without a framework: {@code Tests FOLDER}, a folder for files. Exit status 1 after a failure. */
public final class Tests {
    private static Path folder;

    private Tests() {}

    private interface Test {
        void run() throws Exception;
    }

    private static void check(boolean holds, Object seen) {
        if (!holds) {
            throw new AssertionError("seen: " + seen);
        }
    }

    private static void equal(Object seen, Object expected) {
        check(seen.equals(expected), seen + ", expected: " + expected);
    }

    /** The exception of a call that must fail with this status. */
    private static InterdictException fails(Status status, Test call) throws Exception {
        try {
            call.run();
        } catch (InterdictException e) {
            equal(e.status(), status);
            check(!e.getMessage().isBlank(), e.getMessage());
            return e;
        }
        throw new AssertionError("it did not fail with " + status);
    }

    private static Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Path ownList() throws IOException {
        return write("own.csv", "id,name,aliases,schema,birth_date,country,program,imo\n"
                + "7,PETROVSKY Anatoly,Анатолий Петровский,Person,1970-03-04,ru,P1;P2,\n"
                + "8,OCEAN LILY 3,,Vessel,,ir,,9253325\n");
    }

    static void hitsHaveAllTheirFields() throws Exception {
        try (Screener screener = Screener.open(ownList())) {
            Party party = Party.named("Anatoli Petrovski").schema(Schema.PERSON).birthDate(LocalDate.of(1970, 3, 4)).build();
            List<Hit> hits = screener.screen(party);
            equal(hits.size(), 1);
            Hit hit = hits.get(0);
            equal(hit.list() + hit.entityId() + hit.entityName(), "own7PETROVSKY Anatoly");
            equal(hit.schema(), Schema.PERSON);
            equal(hit.matchedBy(), MatchedBy.NAME);
            equal(hit.program(), "P1;P2");
            equal(hit.group(), "own:7");
            equal(hit.query(), "Anatoli Petrovski");
            check(hit.score() > 0.85 && hit.score() < 1 && hit.queryPart().isEmpty() && !hit.weak(), hit);
            equal(screener.screen("Петровский Анатолий").get(0).matchedName(), "Анатолий Петровский");
            Party ship = Party.named("Another").identifier(IdentifierKind.IMO, "IMO 9253325").build();
            equal(screener.screen(ship).get(0).matchedBy(), MatchedBy.IDENTIFIER);
            equal(screener.screen("OCEAN LILY 3 aka Nobody").get(0).queryPart().isPresent(), true);
            equal(screener.screen("Jane Roe"), List.of());
        }
    }

    static void everyIdentifierAndSchemaHasTheLibrarysName() throws Exception {
        try (Screener screener = Screener.open(ownList())) {
            for (IdentifierKind kind : IdentifierKind.values()) {
                String json = screener.screenJson("{\"name\":\"x\",\"" + kind.key() + "\":\"1234567\"}");
                check(json.contains("\"not_read\":[]"), json);
            }
            for (Schema schema : Schema.values()) {
                Outcome outcome = screener.outcome(Party.named("x").schema(schema).build());
                equal(outcome.notCompared(), 0L);
            }
        }
        // The numbers of both sides are the same: an IMO number alone is found by its kind.
        try (Screener screener = Screener.open(ownList())) {
            for (IdentifierKind kind : IdentifierKind.values()) {
                boolean isFound = !screener.screen(Party.named("").identifier(kind, "9253325").build()).isEmpty();
                equal(isFound, kind == IdentifierKind.IMO || kind == IdentifierKind.UNSPECIFIED);
            }
        }
    }

    static void whatIsNoHitIsCounted() throws Exception {
        try (Screener screener = Screener.open(ownList())) {
            Party other = Party.named("Anatoly Petrovsky").schema(Schema.VESSEL).birthDate("1991-12-24").country("Narnia").build();
            Outcome outcome = screener.outcome(other);
            equal(outcome.hits(), List.of());
            equal(outcome.cleared(), 1L);
            equal(outcome.notCompared(), 1L);
            String json = screener.screenJson(other.toJson());
            check(json.contains("\"cleared_by\":\"birth_date;schema\""), json);
            Explanation why = screener.explain(other, "own", "7");
            check(why.fields().stream().anyMatch(field -> field.effect() < 0), why);
            equal(screener.explain(other), List.of());
        }
    }

    static void hitsAreExplained() throws Exception {
        try (Screener screener = Screener.open(ownList())) {
            Party party = Party.named("Anatoly \"P.\" Petrovskij").country("Russia").build();
            Hit hit = screener.screen(party).get(0);
            Explanation explanation = screener.explain(party, hit);
            equal(explanation.entityId(), "7");
            equal(explanation.score(), hit.score());
            check(explanation.pairs().stream().anyMatch(pair -> pair.query().equals("anatoly")), explanation.pairs());
            check(explanation.onlyInQuery().size() == 1 && explanation.text().contains("score"), explanation);
            equal(explanation.fields().get(0).field(), "country");
            equal(Json.parse(explanation.json()) instanceof java.util.Map, true);
            equal(screener.explain(party).get(0), explanation);
            fails(Status.NO_HIT, () -> screener.explain(party, "own", "8"));
        }
    }

    static void listsAreTold() throws Exception {
        Path list = write("half.csv", "id,name\n1,Volga Star\n2,\n");
        fails(Status.INVALID_LIST, () -> Screener.open(list).close());
        String settings = "{\"lists\": {\"allow_incomplete\": [\"half\"]}, \"limit\": 3}";
        try (Screener screener = Screener.open(List.of(list), settings)) {
            ListVersion version = screener.lists().get(0);
            equal(version.name() + version.entities() + version.records() + version.rejected(), "half121");
            check(screener.listsJson().contains("\"reason\":\"no name\""), screener.listsJson());
        }
    }

    static void errorsHaveStatusAndMessage() throws Exception {
        InterdictException e = fails(Status.IO, () -> Screener.open(folder.resolve("none.idx")).close());
        check(e.getMessage().contains("none.idx"), e.getMessage());
        Path list = ownList();
        fails(Status.INVALID_CONFIG, () -> Screener.open(List.of(list), "threshold.default = 88").close());
        fails(Status.INVALID_JSON, () -> Screener.open(List.of(list), "{").close());
        fails(Status.INVALID_ARGUMENT, () -> Screener.open(List.of(), "").close());
        Screener screener = Screener.open(list);
        fails(Status.INVALID_PARTY, () -> screener.screen(""));
        fails(Status.INVALID_PARTY, () -> screener.screen("?!"));
        fails(Status.INVALID_JSON, () -> screener.screenJson("[]"));
        // A half of a pair of surrogates is written as a question mark, which is text.
        equal(screener.screen("A \ud800 B"), List.of());
        fails(Status.INVALID_PARTY, () -> screener.screen("Volga\0Star"));
        equal(screener.screen("x".repeat(1 << 20)), List.of());
        try {
            screener.screen((String) null);
            throw new AssertionError("null was accepted");
        } catch (NullPointerException expected) {
            // By the builder.
        }
        screener.close();
        screener.close();
        fails(Status.CLOSED, () -> screener.screen("A"));
        fails(Status.CLOSED, () -> screener.screenJson("{\"name\":\"A\"}"));
        fails(Status.CLOSED, () -> screener.explain(Party.of("A")));
        fails(Status.CLOSED, screener::lists);
        fails(Status.CLOSED, screener::reload);
    }

    static void manyHitsGrowTheBuffers() throws Exception {
        StringBuilder csv = new StringBuilder("id,name,program\n");
        for (int i = 0; i < 500; i++) {
            csv.append(i).append(",Volga Star,").append("P".repeat(100)).append('\n');
        }
        try (Screener screener = Screener.open(write("many.csv", csv.toString()))) {
            equal(screener.screen("Volga Star").size(), 500);
            equal(screener.screen("Volga Star").stream().map(Hit::entityId).distinct().count(), 500L);
        }
    }

    static void listsAreExchangedAndClosedUnderLoad() throws Exception {
        Path old = write("old.csv", "id,name\n1,Volga Star\n");
        Path next = write("next.csv", "id,name\n1,Volga Star\n2,Lena Shipping\n");
        Screener screener = Screener.open(old);
        AtomicInteger screened = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        equal(screener.screen("Volga Star").size(), 1);
                        screened.incrementAndGet();
                    }
                } catch (InterdictException e) {
                    if (e.status() != Status.CLOSED) {
                        failure.set(e);
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (int i = 0; i < 10; i++) {
            screener.reload();
        }
        equal(screener.screen("Lena Shipping").size(), 0);
        screener.reload(List.of(next));
        equal(screener.screen("Lena Shipping").size(), 1);
        fails(Status.IO, () -> screener.reload(List.of(folder.resolve("none.csv"))));
        equal(screener.screen("Lena Shipping").size(), 1);
        int before = screened.get();
        while (screened.get() < before + 1000 && failure.get() == null) {
            Thread.onSpinWait();
        }
        screener.close();
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    static void paymentMessagesHaveVerdicts() throws Exception {
        String settings = "{\"embargo\": {\"countries\": [\"KP\"]}}";
        try (Screener screener = Screener.open(List.of(ownList()), settings)) {
            String message = "{1:F01BANKDEFFAXXX0000000000}{2:I103BANKGB2LXXXXN}{4:\r\n:20:REF-1\r\n:23B:CRED\r\n:32A:260615EUR5,\r\n"
                    + ":50F:/DE89370400440532013000\r\n1/%s\r\n3/%s/TOWN\r\n:59:/12\r\nJANE ROE\r\n:71A:SHA\r\n-}";
            Payments clean = screener.payments(String.format(message, "JOHN DOE", "DE").getBytes());
            equal(clean.verdict() + clean.messages().get(0).kind() + clean.messages().get(0).messageId(), "PASSMT103REF-1");
            Payments held = screener.payments(String.format(message, "ANATOLY PETROVSKY", "DE").getBytes());
            Payments.Finding finding = held.messages().get(0).findings().get(0);
            equal(held.verdict() + finding.role() + finding.entityId(), "HOLDdebtor7");
            Payments embargoed = screener.payments(String.format(message, "JOHN DOE", "KP").getBytes());
            equal(embargoed.messages().get(0).findings().get(0).list(), "embargo");
            Payments broken = screener.payments(new byte[] {1, 2, 3});
            equal(broken.verdict(), Payments.Verdict.UNREADABLE);
            check(!broken.messages().get(0).problems().isEmpty(), broken);
        }
    }

    static void partiesAreTheirFields() {
        Party party = Party.named("A \"B\"\n").name("C").country("ru").build();
        equal(party.toJson(), "{\"name\":[\"A \\\"B\\\"\\u000a\",\"C\"],\"country\":[\"ru\"]}");
        equal(party, Party.named("A \"B\"\n").name("C").country("ru").build());
        check(!party.equals(Party.of("C")), party);
        Object value = Json.parse("{\"a\":[1,-2.5e-3,\"\\u00e9\\n\\\"\",true,null,{}],\"b\":[]}");
        equal(Json.written(value), "{\"a\":[1,-0.0025,\"é\\u000a\\\"\",true,null,{}],\"b\":[]}");
    }

    /**
     * Runs all tests.
     *
     * @param arguments a folder for files
     */
    public static void main(String[] arguments) {
        folder = Path.of(arguments[0]);
        Object[][] tests = {
            {"hits have all their fields", (Test) Tests::hitsHaveAllTheirFields},
            {"every identifier and schema has the library's name", (Test) Tests::everyIdentifierAndSchemaHasTheLibrarysName},
            {"what is no hit is counted", (Test) Tests::whatIsNoHitIsCounted},
            {"hits are explained", (Test) Tests::hitsAreExplained},
            {"lists are told", (Test) Tests::listsAreTold},
            {"errors have status and message", (Test) Tests::errorsHaveStatusAndMessage},
            {"many hits grow the buffers", (Test) Tests::manyHitsGrowTheBuffers},
            {"lists are exchanged and closed under load", (Test) Tests::listsAreExchangedAndClosedUnderLoad},
            {"payment messages have verdicts", (Test) Tests::paymentMessagesHaveVerdicts},
            {"parties are their fields", (Test) Tests::partiesAreTheirFields},
        };
        int failed = 0;
        for (Object[] test : tests) {
            try {
                ((Test) test[1]).run();
            } catch (Throwable e) {
                failed++;
                System.out.println("FAILED: " + test[0]);
                e.printStackTrace(System.out);
            }
        }
        System.out.printf("java %s, %s: %d passed, %d failed%n", System.getProperty("java.specification.version"),
                Screener.backend(), tests.length - failed, failed);
        System.exit(failed == 0 ? 0 : 1);
    }
}
