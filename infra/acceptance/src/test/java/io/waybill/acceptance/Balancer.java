package io.waybill.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;

/** One address for all instances of a context: each connection goes to the next instance that takes it. */
final class Balancer implements AutoCloseable {

    private final ServerSocket door;
    private final Set<Integer> ports = new CopyOnWriteArraySet<>();
    private final AtomicInteger turn = new AtomicInteger();

    private Balancer(ServerSocket door) {
        this.door = door;
    }

    static Balancer open() {
        try {
            var balancer = new Balancer(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
            Thread.startVirtualThread(balancer::welcome);
            return balancer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    void add(int port) {
        ports.add(port);
    }

    void remove(int port) {
        ports.remove(port);
    }

    @Override
    public void close() {
        close(door);
    }

    private void welcome() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.startVirtualThread(() -> serve(client));
            } catch (IOException e) {
                // The door was closed, and the loop sees it.
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket instance = connect()) {
            Thread back = Thread.startVirtualThread(() -> pass(instance, client));
            pass(client, instance);
            back.join();
        } catch (IOException e) {
            // No instance runs: the client finds its connection closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect() throws IOException {
        var refusal = new IOException("no instance runs");
        int first = turn.getAndIncrement();
        List<Integer> now = List.copyOf(ports);
        for (int i = 0; i < now.size(); i++) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), now.get((first + i) % now.size()));
            } catch (IOException e) {
                refusal.addSuppressed(e);
            }
        }
        throw refusal;
    }

    /** Passes bytes on until one side ends, which ends the other. */
    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // A side was killed, which is what the stories are about; both are closed now.
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
