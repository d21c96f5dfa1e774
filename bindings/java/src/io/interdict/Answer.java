package io.interdict;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what the native side answers. The layouts are those of {@code interdict.h}. */
final class Answer {
    private static final int STATUS_BYTES = 4;
    private static final int COUNTS_BYTES = 56;
    private static final int HIT_BYTES = 80;
    private static final int FIRST_TEXT = 16;

    private final byte[] bytes;
    private final ByteBuffer numbers;

    private Answer(byte[] bytes) {
        this.bytes = bytes;
        this.numbers = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    /** An answer; a failure as an exception. */
    static Answer of(byte[] bytes) {
        Answer answer = new Answer(bytes);
        int status = answer.numbers.getInt(0);
        if (status != 0) {
            throw new InterdictException(Status.of(status), answer.text());
        }
        return answer;
    }

    /** The bytes behind the status as text. */
    String text() {
        return new String(bytes, STATUS_BYTES, bytes.length - STATUS_BYTES, StandardCharsets.UTF_8);
    }

    /** The number of a screener. */
    long handle() {
        return numbers.getLong(STATUS_BYTES);
    }

    /** Counts, hits and their texts. */
    Outcome outcome() {
        int count = (int) count(1);
        int texts = STATUS_BYTES + COUNTS_BYTES + count * HIT_BYTES;
        List<Hit> hits = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hits.add(hit(STATUS_BYTES + COUNTS_BYTES + i * HIT_BYTES, texts));
        }
        return new Outcome(List.copyOf(hits), count(3), count(4), count(5), count(6));
    }

    private long count(int number) {
        return numbers.getLong(STATUS_BYTES + 8 * number);
    }

    private Hit hit(int at, int texts) {
        String part = text(at, 7, texts);
        return new Hit(
                // The nearest number with five decimals, as the program writes it.
                Math.round(numbers.getFloat(at) * 1e5) / 1e5,
                text(at, 0, texts),
                text(at, 1, texts),
                text(at, 2, texts),
                text(at, 3, texts),
                text(at, 4, texts),
                Schema.of(bytes[at + 8] & 0xff),
                text(at, 5, texts),
                MatchedBy.of(bytes[at + 9] & 0xff),
                text(at, 6, texts),
                bytes[at + 10] != 0,
                part.isEmpty() ? Optional.empty() : Optional.of(part));
    }

    private String text(int hit, int number, int texts) {
        int place = hit + FIRST_TEXT + 8 * number;
        int offset = numbers.getInt(place);
        return new String(bytes, texts + offset, numbers.getInt(place + 4), StandardCharsets.UTF_8);
    }
}
