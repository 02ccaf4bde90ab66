package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;

/** Many clients of one address that only listen, on one thread. */
public final class SilentClients implements AutoCloseable {

    /** What a client was sent and is no whole line yet. */
    private record Heard(int client, StringBuilder text) {}

    private final Selector selector;
    private final Thread thread;
    private final AtomicInteger ended = new AtomicInteger();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /**
     * @param authorization who they are, as the header of that name says it
     * @param line is told each line, and the number of the client that heard it
     */
    public SilentClients(URI address, String authorization, int count, ObjIntConsumer<String> line) {
        try {
            selector = Selector.open();
            ByteBuffer request = StandardCharsets.US_ASCII.encode("GET " + address.getPath() + " HTTP/1.1\r\n"
                    + "Host: localhost\r\nAccept: text/event-stream\r\n"
                    + "Authorization: " + authorization + "\r\n\r\n");
            for (int i = 0; i < count; i++) {
                SocketChannel client = SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()));
                client.write(request.duplicate());
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ, new Heard(i, new StringBuilder()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(() -> listen(line), "silent-clients");
        thread.start();
    }

    /** How many were hung up on. */
    public int ended() {
        return ended.get();
    }

    /** The status lines of those who were given no stream. */
    public List<String> refusals() {
        return refusals;
    }

    private void listen(ObjIntConsumer<String> line) {
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

    private void read(SelectionKey key, ByteBuffer buffer, ObjIntConsumer<String> line) throws IOException {
        buffer.clear();
        if (((SocketChannel) key.channel()).read(buffer) < 0) {
            ended.incrementAndGet();
            key.channel().close();
            return;
        }
        Heard heard = (Heard) key.attachment();
        StringBuilder text = heard.text();
        text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        int end;
        while ((end = text.indexOf("\n")) >= 0) {
            String whole = text.substring(0, end).strip();
            text.delete(0, end + 1);
            if (whole.startsWith("HTTP/") && !whole.startsWith("HTTP/1.1 200")) {
                refusals.add(whole);
            }
            line.accept(whole, heard.client());
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
