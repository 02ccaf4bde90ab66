package io.waybill.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Free TCP ports of the loopback address 127.0.0.1. */
public final class FreePorts {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private FreePorts() {}

    /** Finds different free ports; they are not held, so bind them soon. */
    public static List<Integer> find(int count) {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, loopback()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new EmbeddedServerException("No free port was found on 127.0.0.1: " + e.getMessage(), e);
        } finally {
            sockets.forEach(FreePorts::close);
        }
    }

    /** Tells whether nobody listens on the port. */
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            // A port whose last connections are still winding down is free for a server.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** The given port if it is free, or any free one for 0. */
    static int resolve(int port) {
        if (port == 0) {
            return find(1).getFirst();
        }
        if (!isFree(port)) {
            throw new EmbeddedServerException("Port %d on 127.0.0.1 is taken by another program.".formatted(port));
        }
        return port;
    }

    static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(LOOPBACK);
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new EmbeddedServerException("A port could not be released: " + e.getMessage(), e);
        }
    }
}
