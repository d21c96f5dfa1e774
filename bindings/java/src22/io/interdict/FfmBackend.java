package io.interdict;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The C interface through the foreign function interface of Java 22 and later. Answers have the form of the package
 * interdict-jni. {@code interdict.library} may name a libinterdict.so.
 */
final class FfmBackend implements Backend {
    private static final int OK = 0;
    private static final int SHORT_BUFFER = Status.SHORT_BUFFER.number();
    private static final int STATUS_BYTES = 4;
    private static final int COUNTS_BYTES = 56;
    private static final int HIT_BYTES = 80;
    private static final int FIELD_BYTES = 24;
    private static final int FIRST_HITS = 32;
    private static final int FIRST_TEXTS = 16 << 10;

    // The library stays loaded as long as the process. Handles that are constants are what the virtual machine can inline.
    private static final SymbolLookup LIBRARY = SymbolLookup.libraryLookup(NativeLibrary.path(), Arena.global());
    private static final MethodHandle OPEN =
            function("interdict_open", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle RELOAD =
            function("interdict_reload", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle FREE = function("interdict_free", JAVA_INT, JAVA_LONG);
    private static final MethodHandle SCREEN_PARTY = function("interdict_screen_party", JAVA_INT, JAVA_LONG, ADDRESS,
            JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle SCREEN_JSON =
            function("interdict_screen_json", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle EXPLAIN_JSON = function("interdict_explain_json", JAVA_INT, JAVA_LONG, ADDRESS,
            JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle LISTS_JSON =
            function("interdict_lists_json", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle PAYMENT_JSON =
            function("interdict_payment_json", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle STRING_FREE = function("interdict_string_free", null, ADDRESS);
    private static final MethodHandle LAST_ERROR = function("interdict_last_error", ADDRESS);

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        MemorySegment symbol = LIBRARY.find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the native library has no function " + name));
        FunctionDescriptor descriptor = result == null
                ? FunctionDescriptor.ofVoid(arguments)
                : FunctionDescriptor.of(result, arguments);
        return Linker.nativeLinker().downcallHandle(symbol, descriptor);
    }

    @Override
    public String name() {
        return "ffm";
    }

    /** Memory of a thread, which grows as it is needed. */
    private static final class Buffer {
        private MemorySegment memory = MemorySegment.NULL;

        /** Memory of at least this size. It is freed when the thread has ended and the buffer is collected. */
        MemorySegment ofSize(long bytes) {
            if (memory.byteSize() < bytes) {
                memory = Arena.ofAuto().allocate(Math.max(bytes, 32 << 10), 16);
            }
            return memory;
        }
    }

    private static final ThreadLocal<Buffer> INPUT = ThreadLocal.withInitial(Buffer::new);
    private static final ThreadLocal<Buffer> OUTPUT = ThreadLocal.withInitial(Buffer::new);

    /** An item of a request in native memory. */
    private record Item(int kind, MemorySegment text) {}

    private static List<Item> items(byte[] request, Arena arena) {
        MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, request);
        List<Item> items = new ArrayList<>();
        Request.forEach(request, (kind, offset, length) -> items.add(new Item(kind, bytes.asSlice(offset, length))));
        return items;
    }

    /** The item of a kind; a null of C if there is none. */
    private static Item item(List<Item> items, int kind) {
        return items.stream().filter(item -> item.kind() == kind).findFirst().orElse(new Item(kind, MemorySegment.NULL));
    }

    /** Paths and settings of a request as the arguments of C. */
    private record Source(MemorySegment paths, MemorySegment lengths, long count, MemorySegment settings) {
        static Source of(byte[] request, Arena arena) {
            List<Item> items = items(request, arena);
            List<Item> found = items.stream().filter(item -> item.kind() == 0).toList();
            MemorySegment paths = arena.allocate(ADDRESS, Math.max(found.size(), 1));
            MemorySegment lengths = arena.allocate(JAVA_LONG, Math.max(found.size(), 1));
            for (int i = 0; i < found.size(); i++) {
                paths.setAtIndex(ADDRESS, i, found.get(i).text());
                lengths.setAtIndex(JAVA_LONG, i, found.get(i).text().byteSize());
            }
            return new Source(paths, lengths, found.size(), item(items, 1).text());
        }
    }

    @Override
    public byte[] open(byte[] request) {
        try (Arena arena = Arena.ofConfined()) {
            Source source = Source.of(request, arena);
            MemorySegment screener = arena.allocate(JAVA_LONG);
            int status = (int) OPEN.invokeExact(source.paths(), source.lengths(), source.count(), source.settings(),
                    source.settings().byteSize(), screener);
            return status == OK ? answer(screener) : failure(status);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    @Override
    public byte[] reload(long screener, byte[] request) {
        try (Arena arena = Arena.ofConfined()) {
            Source source = Source.of(request, arena);
            int status = (int) RELOAD.invokeExact(screener, source.paths(), source.lengths(), source.count(),
                    source.settings(), source.settings().byteSize());
            return status == OK ? answer(MemorySegment.NULL) : failure(status);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    @Override
    public int free(long screener) {
        try {
            return (int) FREE.invokeExact(screener);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    @Override
    public byte[] screen(long screener, byte[] request) {
        try {
            // The fields of C, and behind them the request with their texts.
            int[] count = {0};
            Request.forEach(request, (kind, offset, length) -> count[0]++);
            long fields = (long) count[0] * FIELD_BYTES;
            MemorySegment input = INPUT.get().ofSize(fields + request.length);
            MemorySegment.copy(request, 0, input, JAVA_BYTE, fields, request.length);
            int[] next = {0};
            Request.forEach(request, (kind, offset, length) -> {
                long field = (long) next[0]++ * FIELD_BYTES;
                input.set(JAVA_INT, field, kind);
                input.set(JAVA_LONG, field + 8, input.address() + fields + offset);
                input.set(JAVA_LONG, field + 16, length);
            });
            return screen(screener, input, count[0], FIRST_HITS, FIRST_TEXTS);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /** Screens with place for so many hits and bytes of texts, and again if it was too little. */
    private static byte[] screen(long screener, MemorySegment fields, long fieldCount, long hitCapacity, long textCapacity)
            throws Throwable {
        long texts = COUNTS_BYTES + hitCapacity * HIT_BYTES;
        MemorySegment output = OUTPUT.get().ofSize(texts + textCapacity);
        int status = (int) SCREEN_PARTY.invokeExact(screener, fields, fieldCount, output.asSlice(COUNTS_BYTES), hitCapacity,
                output.asSlice(texts), textCapacity, output);
        long hits = output.get(JAVA_LONG, 0);
        long textBytes = output.get(JAVA_LONG, 16);
        if (status == SHORT_BUFFER) {
            return screen(screener, fields, fieldCount, hits, textBytes);
        }
        if (status != OK) {
            return failure(status);
        }
        int head = (int) (COUNTS_BYTES + hits * HIT_BYTES);
        byte[] answer = new byte[STATUS_BYTES + head + (int) textBytes];
        MemorySegment.copy(output, JAVA_BYTE, 0, answer, STATUS_BYTES, head);
        MemorySegment.copy(output, JAVA_BYTE, texts, answer, STATUS_BYTES + head, (int) textBytes);
        return answer;
    }

    /** A call that gives a text: with the places for the text and its length. */
    private interface JsonCall {
        int call(List<Item> items, MemorySegment json, MemorySegment length) throws Throwable;
    }

    private static byte[] json(byte[] request, JsonCall call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment json = arena.allocate(ADDRESS);
            MemorySegment length = arena.allocate(JAVA_LONG);
            int status = call.call(items(request, arena), json, length);
            if (status != OK) {
                return failure(status);
            }
            MemorySegment text = json.get(ADDRESS, 0);
            try {
                return answer(text.reinterpret(length.get(JAVA_LONG, 0)));
            } finally {
                STRING_FREE.invokeExact(text);
            }
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    @Override
    public byte[] screenJson(long screener, byte[] request) {
        return json(request, (items, json, length) -> {
            MemorySegment party = item(items, 0).text();
            return (int) SCREEN_JSON.invokeExact(screener, party, party.byteSize(), json, length);
        });
    }

    @Override
    public byte[] explainJson(long screener, byte[] request) {
        return json(request, (items, json, length) -> {
            MemorySegment party = item(items, 0).text();
            MemorySegment list = item(items, 1).text();
            MemorySegment id = item(items, 2).text();
            return (int) EXPLAIN_JSON.invokeExact(screener, party, party.byteSize(), list, list.byteSize(), id,
                    id.byteSize(), json, length);
        });
    }

    @Override
    public byte[] listsJson(long screener, byte[] request) {
        return json(request, (items, json, length) -> (int) LISTS_JSON.invokeExact(screener, json, length));
    }

    @Override
    public byte[] paymentJson(long screener, byte[] request) {
        return json(request, (items, json, length) -> {
            MemorySegment message = item(items, 0).text();
            return (int) PAYMENT_JSON.invokeExact(screener, message, message.byteSize(), json, length);
        });
    }

    /** An answer without failure. */
    private static byte[] answer(MemorySegment bytes) {
        byte[] answer = new byte[STATUS_BYTES + (int) bytes.byteSize()];
        MemorySegment.copy(bytes, JAVA_BYTE, 0, answer, STATUS_BYTES, (int) bytes.byteSize());
        return answer;
    }

    /** The status, and the message of this thread's last failure. */
    private static byte[] failure(int status) throws Throwable {
        MemorySegment text = (MemorySegment) LAST_ERROR.invokeExact();
        byte[] message = text.reinterpret(Long.MAX_VALUE).getString(0).getBytes(StandardCharsets.UTF_8);
        ByteBuffer answer = ByteBuffer.allocate(STATUS_BYTES + message.length).order(ByteOrder.nativeOrder());
        return answer.putInt(status).put(message).array();
    }

    /** The functions of C throw nothing: what is thrown is of the virtual machine. */
    private static RuntimeException thrown(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
}
