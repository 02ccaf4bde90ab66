package io.waybill.gateway.performance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Clients on fixed connections, all driven by the calling thread, which does no more than write requests and find the
 * end of answers. A connection sends its next request when it has the answer to the last one and, where it keeps a
 * pace, not before the time of that request has come.
 */
final class Load {

    private static final int LARGEST_ANSWER = 64 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final byte[] END_OF_CHUNKS = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Load() {}

    /**
     * Clients that ask for the same.
     *
     * @param requests what each connection sends, again and again
     * @param expected what the head of every answer must contain
     * @param pace from one request of a connection to its next; none where they follow at once
     */
    record Clients(int port, List<String> requests, String expected, Duration pace) {

        Clients paced(Duration each) {
            return new Clients(port, requests, expected, each);
        }
    }

    /** The answers to one kind of clients: how long each took, in microseconds. */
    static final class Answers {

        private final long[] micros;
        private final Duration elapsed;

        Answers(LongStream micros, Duration elapsed) {
            this.micros = micros.sorted().toArray();
            this.elapsed = elapsed;
        }

        int count() {
            return micros.length;
        }

        LongStream micros() {
            return Arrays.stream(micros);
        }

        double perSecond() {
            return micros.length / (elapsed.toNanos() / 1e9);
        }

        double percentile(double share) {
            return micros[(int) Math.min(micros.length - 1L, Math.round(micros.length * share))];
        }
    }

    static String get(String path, String authorization) {
        var head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n";
        return authorization.isEmpty() ? head + "\r\n" : head + "Authorization: " + authorization + "\r\n\r\n";
    }

    static Answers run(Duration duration, Clients clients) {
        return run(duration, List.of(clients)).getFirst();
    }

    static List<Answers> run(Duration duration, List<Clients> all) {
        try (var selector = Selector.open()) {
            var connections = new ArrayList<List<Connection>>();
            for (var clients : all) {
                var group = new ArrayList<Connection>();
                for (int i = 0; i < clients.requests().size(); i++) {
                    group.add(new Connection(selector, clients, i));
                }
                connections.add(group);
            }
            var start = System.nanoTime();
            connections.forEach(group -> spread(group, start));
            drive(selector, connections.stream().flatMap(List::stream).toList(), start + duration.toNanos());
            var elapsed = Duration.ofNanos(System.nanoTime() - start);
            return connections.stream()
                    .map(group -> new Answers(group.stream().flatMapToLong(Connection::micros), elapsed))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each connection begins at its own part of the pace, so that they do not all come at once. */
    private static void spread(List<Connection> group, long start) {
        for (int i = 0; i < group.size(); i++) {
            var connection = group.get(i);
            connection.due = start + connection.clients.pace().toNanos() * i / group.size();
        }
    }

    private static void drive(Selector selector, List<Connection> connections, long end) throws IOException {
        try {
            for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
                var next = end;
                for (var connection : connections) {
                    connection.sendIfDue(now);
                    next = Math.min(next, connection.due(end));
                }
                selector.select(
                        key -> ((Connection) key.attachment()).receive(), Math.max(1, (next - now) / 1_000_000));
            }
        } finally {
            for (var connection : connections) {
                connection.channel.close();
            }
        }
    }

    private static final class Connection {

        private final Clients clients;
        private final SocketChannel channel;
        private final ByteBuffer request;
        private final ByteBuffer answer = ByteBuffer.allocate(LARGEST_ANSWER);
        private long[] micros = new long[1024];
        private int count;
        private boolean waiting;
        private long due;
        private long sentAt;

        Connection(Selector selector, Clients clients, int number) throws IOException {
            this.clients = clients;
            this.request = ByteBuffer.wrap(clients.requests().get(number).getBytes(StandardCharsets.US_ASCII));
            this.channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), clients.port()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        LongStream micros() {
            return Arrays.stream(micros, 0, count);
        }

        /** When there is something to do; as late as possible while an answer is awaited. */
        long due(long otherwise) {
            return waiting ? otherwise : due;
        }

        void sendIfDue(long now) throws IOException {
            if (waiting) {
                if (now - sentAt > PATIENCE.toNanos()) {
                    throw new IllegalStateException(
                            "No answer to " + clients.requests().getFirst());
                }
            } else if (now >= due) {
                send(now);
            }
        }

        private void send(long at) throws IOException {
            waiting = true;
            sentAt = at;
            request.rewind();
            channel.write(request);
            if (request.hasRemaining()) {
                throw new IllegalStateException("The server does not take a request");
            }
        }

        void receive() {
            try {
                if (channel.read(answer) < 0) {
                    throw new IllegalStateException("The server hung up: " + text());
                }
                if (isWhole()) {
                    answered();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void answered() throws IOException {
            if (!text().contains(clients.expected())) {
                throw new IllegalStateException("Not what was expected: " + text());
            }
            var now = System.nanoTime();
            if (count == micros.length) {
                micros = Arrays.copyOf(micros, 2 * count);
            }
            micros[count++] = (now - sentAt) / 1_000;
            waiting = false;
            answer.clear();
            due += clients.pace().toNanos();
            if (now >= due) {
                // Who has to wait for an answer waits longer for the next: that counts as well.
                send(clients.pace().isZero() ? now : due);
            }
        }

        private boolean isWhole() {
            var length = answer.position();
            var head = indexOf("\r\n\r\n");
            if (head < 0) {
                return false;
            }
            var text = new String(answer.array(), 0, head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            var field = text.indexOf("content-length: ");
            if (field >= 0) {
                var end = text.indexOf('\r', field);
                return length
                        >= head
                                + 4
                                + Integer.parseInt(text.substring(field + 16, end < 0 ? text.length() : end)
                                        .strip());
            }
            return Arrays.equals(
                    answer.array(), length - END_OF_CHUNKS.length, length, END_OF_CHUNKS, 0, END_OF_CHUNKS.length);
        }

        private int indexOf(String wanted) {
            return new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1).indexOf(wanted);
        }

        private String text() {
            return new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
        }
    }
}
