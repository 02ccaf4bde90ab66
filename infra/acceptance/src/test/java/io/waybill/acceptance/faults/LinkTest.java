package io.waybill.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Speaks through a link to an echo. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkTest {

    private static final int SOON_MILLIS = 5_000;
    private static final int MOMENT_MILLIS = 200;

    private ServerSocket echo;
    private Link link;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::answer);
        link = Link.to(() -> List.of(closedPort(), echo.getLocalPort()));
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        echo.close();
    }

    @Test
    void a_whole_link_passes_everything_to_the_first_target_that_takes_it() throws IOException {
        try (Socket client = connect()) {
            assertThat(say(client, 'a')).isEqualTo('a');
        }
    }

    @Test
    void a_link_that_is_cut_ends_what_there_is_and_lets_nothing_new_come_about() throws IOException {
        try (Socket client = connect()) {
            assertThat(say(client, 'a')).isEqualTo('a');
            link.cut();
            assertThatThrownBy(() -> heard(client)).isInstanceOf(IOException.class);
        }
        assertThat(isServed()).isFalse();

        link.heal();
        assertThat(isServed()).isTrue();
    }

    @Test
    void a_link_that_is_half_open_tells_nobody_and_passes_all_later() throws IOException {
        try (Socket client = connect()) {
            assertThat(say(client, 'a')).isEqualTo('a');
            link.halfOpen();
            client.setSoTimeout(MOMENT_MILLIS);
            assertThatThrownBy(() -> say(client, 'b')).isInstanceOf(SocketTimeoutException.class);

            link.heal();
            client.setSoTimeout(SOON_MILLIS);
            assertThat(heard(client)).isEqualTo('b');
        }
    }

    @Test
    void a_delay_keeps_everything_waiting() throws IOException {
        try (Socket client = connect()) {
            assertThat(say(client, 'a')).isEqualTo('a');
            link.delay(Duration.ofMillis(MOMENT_MILLIS));
            long begin = System.nanoTime();
            assertThat(say(client, 'b')).isEqualTo('b');
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(2 * MOMENT_MILLIS));
        }
    }

    private boolean isServed() {
        try (Socket client = connect()) {
            return say(client, 'a') == 'a';
        } catch (IOException e) {
            return false;
        }
    }

    private Socket connect() throws IOException {
        var client = new Socket();
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), link.port()), SOON_MILLIS);
        client.setSoTimeout(SOON_MILLIS);
        return client;
    }

    private static int say(Socket client, char word) throws IOException {
        client.getOutputStream().write(word);
        return heard(client);
    }

    /** What comes back; an end is a failure. */
    private static int heard(Socket client) throws IOException {
        int word = client.getInputStream().read();
        if (word < 0) {
            throw new IOException("the connection ended");
        }
        return word;
    }

    private void answer() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Thread.startVirtualThread(() -> {
                    try (client) {
                        client.getInputStream().transferTo(client.getOutputStream());
                    } catch (IOException e) {
                        // Its client is gone.
                    }
                });
            } catch (IOException e) {
                // The echo was closed, and the loop sees it.
            }
        }
    }

    private static int closedPort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
