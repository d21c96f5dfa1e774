package io.interdict;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Screens parties against lists. It may be used by any number of threads at once, platform or virtual.
 *
 * <p>The lists are outside of the heap: an index file is mapped, and shared with other processes. Close a screener to free them.
 * Calls under way on other threads finish; later ones throw an {@link InterdictException} with {@link Status#CLOSED}.
 *
 * <p>The native library is reached through JNI, or on Java 22 and later through the foreign function interface. System
 * properties: {@code interdict.backend} is {@code jni} or {@code ffm}; {@code interdict.library} is the path of the native
 * library, if it is not the one in the jar.
 */
public final class Screener implements AutoCloseable {
    /** One for the process; it loads the library. */
    private static final class Native {
        static final Backend BACKEND = Backends.choose();
    }

    private final long handle;

    private Screener(long handle) {
        this.handle = handle;
    }

    /**
     * Opens an index file, a list file or a folder of lists, with the default settings.
     *
     * @param path the path
     * @return a screener, which must be closed
     * @throws InterdictException if it cannot be opened
     */
    public static Screener open(Path path) {
        return open(List.of(path), "");
    }

    /**
     * Opens one index file, or list files and folders of lists.
     *
     * @param paths the paths
     * @param settings the configuration as TOML, or as JSON of the same shape; empty for the defaults. JSON may have a key
     *     {@code lists} besides: <code>{"lists": {"allow_incomplete": ["NAME"], "max_age_days": 7}}</code>
     * @return a screener, which must be closed
     * @throws InterdictException if something cannot be opened, or the settings are wrong
     */
    public static Screener open(List<Path> paths, String settings) {
        byte[] answer = Native.BACKEND.open(source(paths, settings));
        return new Screener(Answer.of(answer).handle());
    }

    private static byte[] source(List<Path> paths, String settings) {
        Request request = new Request();
        paths.forEach(path -> request.add(0, path.toString()));
        if (settings != null) {
            request.add(1, settings);
        }
        return request.bytes();
    }

    /**
     * The way to the native library.
     *
     * @return {@code jni} or {@code ffm}
     */
    public static String backend() {
        return Native.BACKEND.name();
    }

    /**
     * Opens anew what this screener was opened with, and exchanges it. Calls under way on other threads finish with the old
     * lists. If it fails, this screener stays as it was.
     *
     * @throws InterdictException if something cannot be opened
     */
    public void reload() {
        Answer.of(Native.BACKEND.reload(handle, source(List.of(), null)));
    }

    /**
     * Opens other paths, and exchanges what this screener screens against; settings stay. Calls under way on other threads
     * finish with the old lists. If it fails, this screener stays as it was.
     *
     * @param paths one index file, or list files and folders of lists
     * @throws InterdictException if something cannot be opened
     */
    public void reload(List<Path> paths) {
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("no path was given");
        }
        Answer.of(Native.BACKEND.reload(handle, source(paths, null)));
    }

    /**
     * The hits of a party, best first.
     *
     * @param party the party
     * @return its hits
     * @throws InterdictException if the party has nothing to screen, or this screener is closed
     */
    public List<Hit> screen(Party party) {
        return outcome(party).hits();
    }

    /**
     * The hits of a name, best first.
     *
     * @param name the name as written
     * @return its hits
     * @throws InterdictException if the name has neither letter nor digit, or this screener is closed
     */
    public List<Hit> screen(String name) {
        return screen(Party.of(name));
    }

    /**
     * The hits of a party, and how much is not among them.
     *
     * @param party the party
     * @return hits and counts
     * @throws InterdictException if the party has nothing to screen, or this screener is closed
     */
    public Outcome outcome(Party party) {
        return Answer.of(Native.BACKEND.screen(handle, party.request())).outcome();
    }

    /**
     * Screens a party in JSON, and shows also what is no hit and why.
     *
     * @param party an object with the keys of a table's columns, such as <code>{"name": "…", "birth_date": "1970"}</code>
     * @return an object with {@code hits}, {@code cleared}, {@code withheld}, {@code not_compared} and {@code not_read}
     * @throws InterdictException if the text is no party, or this screener is closed
     */
    public String screenJson(String party) {
        return Answer.of(Native.BACKEND.screenJson(handle, new Request().add(0, party).bytes())).text();
    }

    /**
     * Screens the payment messages of a file: ISO 20022, SWIFT MT, NACHA or Fedwire, told by their content. A message that cannot
     * be read is no exception: its verdict is {@link Payments.Verdict#UNREADABLE}.
     *
     * @param file the bytes of the file
     * @return verdicts and findings
     * @throws InterdictException if this screener is closed
     */
    public Payments payments(byte[] file) {
        return Payments.of(Answer.of(Native.BACKEND.paymentJson(handle, new Request().add(0, file).bytes())).text());
    }

    /**
     * Explains every hit of a party.
     *
     * @param party the party
     * @return an explanation for each hit, best first
     * @throws InterdictException if the party has nothing to screen, or this screener is closed
     */
    public List<Explanation> explain(Party party) {
        return Explanation.all(explain(new Request().add(0, party.toJson())));
    }

    /**
     * Explains a hit of a party.
     *
     * @param party the party
     * @param hit one of its hits
     * @return the explanation
     * @throws InterdictException if it is no hit of the party, or this screener is closed
     */
    public Explanation explain(Party party, Hit hit) {
        return explain(party, hit.list(), hit.entityId());
    }

    /**
     * Explains why an entity is a hit, or why other fields clear it.
     *
     * @param party the party
     * @param list the list's name
     * @param entityId the entity's id in its list
     * @return the explanation
     * @throws InterdictException if it is neither a hit of the party nor cleared, or this screener is closed
     */
    public Explanation explain(Party party, String list, String entityId) {
        Objects.requireNonNull(list, "list");
        Request request = new Request().add(0, party.toJson()).add(1, list).add(2, Objects.requireNonNull(entityId, "entityId"));
        return Explanation.all(explain(request)).get(0);
    }

    private String explain(Request request) {
        return Answer.of(Native.BACKEND.explainJson(handle, request.bytes())).text();
    }

    /**
     * The lists that are screened against, in their order.
     *
     * @return their versions and counts
     * @throws InterdictException if this screener is closed
     */
    public List<ListVersion> lists() {
        return ListVersion.all(listsJson());
    }

    /**
     * What is screened against, in full: lists with dates, hashes and counts, files that were skipped, records that were rejected
     * with position and reason, and listed names that cannot be found.
     *
     * @return a JSON object
     * @throws InterdictException if this screener is closed
     */
    public String listsJson() {
        return Answer.of(Native.BACKEND.listsJson(handle, new byte[0])).text();
    }

    /** Frees the lists. A second call does nothing. */
    @Override
    public void close() {
        int status = Native.BACKEND.free(handle);
        if (status != 0 && status != Status.CLOSED.number()) {
            throw new InterdictException(Status.of(status), "the screener cannot be closed");
        }
    }
}
