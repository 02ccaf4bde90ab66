package io.waybill.acceptance.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/** What is no HTTP, or hardly. */
@SuppressWarnings("StringConcatToTextBlock") // its lines end as those of HTTP
final class Malformed {

    private static final String LINE = "\r\n";

    private Malformed() {}

    /** Breaks a request whose form is good. */
    static FuzzedRequest request(long number, FuzzedRequest good, RandomGenerator random) {
        String text = good.template();
        int end = text.indexOf(LINE + LINE);
        int firstEnd = text.indexOf(LINE);
        String first = text.substring(0, firstEnd);
        String fields = text.substring(firstEnd + LINE.length(), end);
        String body = text.substring(end + 2 * LINE.length());
        String broken = switch (random.nextInt(8)) {
            case 0, 1 -> line(first, good, random) + LINE + fields + LINE + LINE + body;
            case 2, 3, 4 -> first + LINE + fields + LINE + field(random) + LINE + LINE + body;
            case 5 -> first + LINE + framing(fields, random) + LINE + LINE + body;
            case 6 -> text.substring(0, random.nextInt(text.length()));
            default -> noise(random);
        };
        return new FuzzedRequest(number, "", "", broken, false);
    }

    private static String line(String first, FuzzedRequest good, RandomGenerator random) {
        String target = good.target();
        return Odd.one(
                List.of(
                        first.replace("HTTP/1.1", "HTTP/9.9"),
                        first.replace("HTTP/1.1", "HTTP/1.0"),
                        first.replace("HTTP/1.1", "http/1.1"),
                        first.replace("HTTP/1.1", "HTTP/1.1 x"),
                        first.replace("HTTP/1.1", ""),
                        first.replace(" ", "  "),
                        first.replace(" ", "\t"),
                        first.replace(" ", ""),
                        "GET",
                        "",
                        "GET http://example.org" + target + " HTTP/1.1",
                        "GET https://127.0.0.1:1" + target + " HTTP/1.1",
                        "GET //example.org" + target + " HTTP/1.1",
                        "GET file:///etc/passwd HTTP/1.1",
                        "GET api/products HTTP/1.1",
                        "GET * HTTP/1.1",
                        "OPTIONS * HTTP/1.1",
                        "CONNECT 127.0.0.1:22 HTTP/1.1",
                        "GET /api/products#a HTTP/1.1",
                        "GET /api/products\u0000 HTTP/1.1",
                        "GET /api/\u0001 HTTP/1.1",
                        "GET /\u00ff\u00fe HTTP/1.1",
                        "GET /api/orders/" + "x".repeat(9_000) + " HTTP/1.1",
                        "GET /api/orders?" + "x".repeat(9_000) + " HTTP/1.1",
                        "X".repeat(9_000) + " / HTTP/1.1",
                        "PRI * HTTP/2.0"),
                random);
    }

    private static String field(RandomGenerator random) {
        return Odd.one(
                List.of(
                        "no colon",
                        ": no name",
                        "Space : before",
                        "Folded: a\r\n b",
                        " Folded: first",
                        "Nul: a\u0000b",
                        "Bare: a\nb: c",
                        "Bare: a\rb: c",
                        "N\u00e4me: x",
                        "(x): y",
                        "Long: " + "x".repeat(20_000),
                        "L".repeat(20_000) + ": x",
                        "A: b\r\n".repeat(2_000) + "C: d",
                        "Host: other",
                        "Host: a b",
                        "Host: [",
                        "Content-Length: 0",
                        "Content-Length: -1",
                        "Content-Length: +5",
                        "Content-Length: 0x10",
                        "Content-Length: 99999999999999999999",
                        "Content-Length: 5, 5",
                        "Content-Length: 7\r\nContent-Length: 5",
                        "Transfer-Encoding: chunked",
                        "Transfer-Encoding: x",
                        "Transfer-Encoding: chunked, identity",
                        "Transfer-Encoding: identity, chunked",
                        "Transfer-Encoding: \u000bchunked",
                        "Transfer-Encoding : chunked",
                        "Connection: close",
                        "Connection: fuzz, authorization",
                        "Connection: upgrade, http2-settings\r\n"
                                + "Upgrade: h2c\r\n"
                                + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
                        "Connection: upgrade\r\n"
                                + "Upgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: eA==",
                        "Expect: 100-continue",
                        "Expect: 100-continue\r\nContent-Length: 99999999",
                        "Authorization: Bearer $CUSTOMER_TOKEN"),
                random);
    }

    private static String framing(String fields, RandomGenerator random) {
        String without = fields.replaceAll("(?m)^Content-Length: .*\r?\n?", "").strip();
        return without + LINE + "Transfer-Encoding: chunked" + LINE + LINE
                + Odd.one(
                        List.of(
                                "zz\r\n",
                                "-1\r\nx\r\n0\r\n",
                                "ffffffffffffffff\r\nx",
                                "7fffffff\r\nx",
                                "1\r\nxy\r\n0\r\n",
                                "1;a=b;c=\"d\r\nx\r\n0\r\n",
                                "1\nx\n0\n",
                                "0\r\nTrailer: x\r\n",
                                "0\r\nContent-Length: 5\r\n",
                                "1\r\n{\r\n0\r\n",
                                "5;" + "x".repeat(9_000) + "\r\nhello\r\n0\r\n",
                                "0\r\n" + "A: b\r\n".repeat(2_000),
                                "10000\r\n" + "x".repeat(65_536) + "\r\n10000\r\n" + "x".repeat(65_536) + "\r\n0\r\n",
                                ""),
                        random);
    }

    private static String noise(RandomGenerator random) {
        var noise = new StringBuilder();
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int i = random.nextInt(1, 200); i > 0; i--) {
                    noise.append((char) random.nextInt(256));
                }
            }
            // The beginning of a TLS handshake.
            case 1 -> noise.append("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");
            case 2 ->
                noise.append("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000");
            default -> noise.append("\r\n".repeat(random.nextInt(1, 50)));
        }
        return noise.toString();
    }
}
