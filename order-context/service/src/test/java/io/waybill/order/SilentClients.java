package io.waybill.order;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Many clients of one address that only listen, on one thread. */
final class SilentClients implements AutoCloseable {

    /** What a client was sent and is no whole line yet. */
    private record Heard(StringBuilder text) {}

    private final Selector selector;
    private final Thread thread;
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean closed;

    SilentClients(URI address, int count, Consumer<String> line) {
        try {
            selector = Selector.open();
            ByteBuffer request = StandardCharsets.US_ASCII.encode(
                    "GET " + address.getPath() + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
            for (int i = 0; i < count; i++) {
                SocketChannel client = SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()));
                client.write(request.duplicate());
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ, new Heard(new StringBuilder()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(() -> listen(line), "silent-clients");
        thread.start();
    }

    /** How many were hung up on. */
    int ended() {
        return ended.get();
    }

    private void listen(Consumer<String> line) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            while (!closed) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key, buffer, line);
                }
                selector.selectedKeys().clear();
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(SelectionKey key, ByteBuffer buffer, Consumer<String> line) throws IOException {
        buffer.clear();
        if (((SocketChannel) key.channel()).read(buffer) < 0) {
            ended.incrementAndGet();
            key.channel().close();
            return;
        }
        StringBuilder text = ((Heard) key.attachment()).text();
        text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        int end;
        while ((end = text.indexOf("\n")) >= 0) {
            line.accept(text.substring(0, end).strip());
            text.delete(0, end + 1);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
