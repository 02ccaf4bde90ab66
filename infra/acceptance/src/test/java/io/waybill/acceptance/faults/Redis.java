package io.waybill.acceptance.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Redis server that keeps a log of what it was told. */
final class Redis implements Server {

    private static final int PATIENCE_MILLIS = 1_000;

    private final Path folder;
    private final Path output;
    private final int port;
    private Program program;

    private Redis(Path folder, Path output, int port) {
        this.folder = folder;
        this.output = output;
        this.port = port;
    }

    static Redis make(Path folder, Path output, int port) throws IOException {
        var server = new Redis(Files.createDirectory(folder), output, port);
        server.start();
        return server;
    }

    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        program = Program.start(
                name(),
                List.of(
                        Binaries.path("redis-server"),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        "" + port,
                        "--dir",
                        folder.toString(),
                        "--appendonly",
                        "yes",
                        "--maxmemory",
                        "256mb",
                        "--maxmemory-policy",
                        "noeviction"),
                Map.of(),
                output.resolve("redis.log"));
    }

    @Override
    public void kill() {
        program.kill();
    }

    @Override
    public void freeze() {
        program.freeze();
    }

    @Override
    public void thaw() {
        program.thaw();
    }

    @Override
    public boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == '+';
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public long memory() {
        return program.memory();
    }

    @Override
    public void close() {
        if (program != null) {
            program.thaw();
            program.kill();
        }
    }
}
