package io.interdict;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A request to the native side: items of kind, length and bytes. */
final class Request {
    private final ByteArrayOutputStream items = new ByteArrayOutputStream();

    Request add(int kind, String text) {
        return add(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    Request add(int kind, byte[] bytes) {
        ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        items.writeBytes(head.putInt(kind).putInt(bytes.length).array());
        items.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return items.toByteArray();
    }

    /** Passes the items of a request on. */
    static void forEach(byte[] request, Items items) {
        ByteBuffer rest = ByteBuffer.wrap(request).order(ByteOrder.nativeOrder());
        while (rest.hasRemaining()) {
            int kind = rest.getInt();
            int length = rest.getInt();
            items.item(kind, rest.position(), length);
            rest.position(rest.position() + length);
        }
    }

    /** Takes an item: its kind, and where its bytes are in the request. */
    interface Items {
        void item(int kind, int offset, int length);
    }
}
