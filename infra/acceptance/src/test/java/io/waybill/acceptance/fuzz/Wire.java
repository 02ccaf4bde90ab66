package io.waybill.acceptance.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One caller's connection, which is kept for the next request where the server keeps it. It sends bytes as they are: no
 * client library would send most of them.
 */
final class Wire implements AutoCloseable {

    private static final int LONGEST_LINE = 100_000;

    /**
     * What came back.
     *
     * @param headers lines, their names in lower case
     * @param body empty for a live stream, which is left at once
     */
    record Reply(int status, List<String> headers, String body) {

        Optional<String> header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst();
        }
    }

    private final InetSocketAddress server;
    private final Duration patience;
    private Socket socket;
    private InputStream in;

    /** @param patience how long the server may keep silent */
    Wire(InetSocketAddress server, Duration patience) {
        this.server = server;
        this.patience = patience;
    }

    /** @throws IOException if the server closes the connection instead of answering, or keeps silent */
    Reply ask(byte[] request, boolean head) throws IOException {
        if (socket != null) {
            try {
                return exchange(request, head);
            } catch (EOFException | java.net.SocketException e) {
                // The server has closed a connection that it did not want to keep, which it may.
                close();
            }
        }
        open();
        return exchange(request, head);
    }

    /** Sends what may be no request at all and says that no more follows; nothing where the server hangs up. */
    Optional<Reply> askAndLeave(byte[] bytes) throws IOException {
        close();
        open();
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return Optional.of(read(false));
        } catch (EOFException | java.net.SocketException hungUp) {
            return Optional.empty();
        } finally {
            close();
        }
    }

    private Reply exchange(byte[] request, boolean head) throws IOException {
        try {
            socket.getOutputStream().write(request);
        } catch (IOException e) {
            // It may have answered before it had everything.
            return readAndLeave(head, e);
        }
        return read(head);
    }

    private Reply readAndLeave(boolean head, IOException failure) throws IOException {
        try {
            return read(head);
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw failure;
        } finally {
            close();
        }
    }

    private Reply read(boolean head) throws IOException {
        int status;
        List<String> headers;
        do {
            String[] statusLine = line().split(" ", 3);
            if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.")) {
                throw new ProtocolException("no status line: " + String.join(" ", statusLine));
            }
            status = Integer.parseInt(statusLine[1]);
            headers = headers();
        } while (status < 200);
        Reply start = new Reply(status, headers, "");
        if (start.header("content-type").orElse("").startsWith("text/event-stream")) {
            close();
            return start;
        }
        byte[] body = head || status == 204 || status == 304 ? new byte[0] : body(start);
        if (start.header("connection").filter("close"::equalsIgnoreCase).isPresent()) {
            close();
        }
        return new Reply(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private List<String> headers() throws IOException {
        var lines = new ArrayList<String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("no header: " + line);
            }
            lines.add(line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon));
        }
        return lines;
    }

    private byte[] body(Reply start) throws IOException {
        if (start.header("transfer-encoding").isPresent()) {
            return chunks();
        }
        Optional<String> length = start.header("content-length");
        if (length.isEmpty()) {
            byte[] all = in.readAllBytes();
            close();
            return all;
        }
        return exactly(Integer.parseInt(length.get()));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            body.writeBytes(exactly(size));
            if (size == 0) {
                headers();
                return body.toByteArray();
            }
            line();
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new ProtocolException("the answer broke off");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("hung up");
            }
            if (line.length() > LONGEST_LINE) {
                throw new ProtocolException("an endless line");
            }
            line.append((char) c);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    private void open() throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) patience.toMillis());
        socket.connect(server, (int) patience.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
