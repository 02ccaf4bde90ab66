package io.waybill.acceptance.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/** Values that programs have stumbled over. */
final class Odd {

    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-0.0",
            "-1",
            "1e400",
            "-1e400",
            "1e-400",
            "1E5",
            "1.0",
            "0.1",
            "1.00000000000000000001",
            "1e999999999",
            "1e-999999999",
            "2147483648",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551616",
            "9".repeat(100),
            "9".repeat(2_000),
            "0." + "0".repeat(2_000) + "1",
            "00",
            "01",
            "+1",
            ".5",
            "1.",
            "1e",
            "0x10",
            "1_000",
            "NaN",
            "Infinity",
            "-Infinity",
            "--1");

    private static final List<String> LITERALS = List.of(
            "null",
            "true",
            "false",
            "\"\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "{\"a\":1}",
            "[1,2,3]",
            "{\"\":\"\"}",
            "undefined",
            "None",
            "'x'",
            "",
            "nul",
            "TRUE");

    /** What stands between the quotes of a JSON string. */
    private static final List<String> ESCAPED = List.of(
            "\\ud800",
            "\\udfff\\ud800",
            "\\ud83d\\ude00",
            "\\u0000",
            "a\\u0000b",
            "\\u202e\\u0041",
            "\\ufeff",
            "\\uffff",
            "\\u000d\\u000aX: y",
            "\\x41",
            "\\u12",
            "\\",
            "\\\"",
            "\\/");

    /** Without a name of a class or a statement that would look like one of ours where it is repeated. */
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\u0000",
            "a\u0000b",
            "\t",
            "\n",
            "\r\nX-Injected: 1",
            "\u0001\u001f\u007f",
            "\u0085\u2028\u2029",
            "\u202eabc\u202c",
            "\u200b\u200d\ufeff",
            "e\u0301",
            "\u0130\u0131\u00df",
            "\ud83d\ude00\ud83c\uddea\ud83c\uddfa",
            "\ud835\udfd9",
            "\u0661\u0662\u0663",
            "a\u0300".repeat(50),
            "\uffff\ufdd0",
            "'; drop table product; --",
            "' or '1'='1",
            "%",
            "_%",
            "\\",
            "\"",
            "${jndi:ldap://127.0.0.1:1/x}",
            "#{7*7}",
            "{{7*7}}",
            "%s%n%x",
            "../../../../etc/passwd",
            "<script>alert(1)</script>",
            "null",
            "undefined",
            "true",
            "-1",
            "0",
            "1e400",
            "9223372036854775808",
            "2026-02-30T25:61:61Z",
            "+1000000000-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "999999999999999999:999999999999999999",
            "0:0",
            "AA==",
            "AAAA",
            "____",
            "!!!",
            "ord_00000000-0000-0000-0000-000000000000",
            "ord_ffffffff-ffff-ffff-ffff-ffffffffffff",
            "x".repeat(101),
            "x".repeat(255),
            "x".repeat(3_000),
            "\u00e9".repeat(1_000));

    /** What is no UTF-8: overlong, surrogates, beyond the last character, cut off. */
    private static final List<int[]> NO_UTF8 = List.of(
            new int[] {0xC0, 0xAF},
            new int[] {0xC0, 0x80},
            new int[] {0xE0, 0x80, 0xAF},
            new int[] {0xED, 0xA0, 0x80},
            new int[] {0xF4, 0x90, 0x80, 0x80},
            new int[] {0xE2, 0x82},
            new int[] {0xFF, 0xFE},
            new int[] {0x80});

    private Odd() {}

    static <T> T one(List<T> of, RandomGenerator random) {
        return of.get(random.nextInt(of.size()));
    }

    static String text(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> characters(random);
            default -> one(TEXTS, random);
        };
    }

    static String number(RandomGenerator random) {
        return random.nextInt(4) == 0 ? Long.toString(random.nextLong()) : one(NUMBERS, random);
    }

    /** What stands where a JSON value should, which may be none. */
    static byte[] json(RandomGenerator random) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> utf8(number(random));
            case 3, 4 -> utf8(one(LITERALS, random));
            case 5 -> quoted(utf8(one(ESCAPED, random)));
            case 6 -> quoted(noUtf8(random));
            case 7 -> deep(random);
            // Control characters and quotes stand in it as they are.
            case 8 -> quoted(utf8(text(random)));
            default -> quoted(utf8(escaped(text(random))));
        };
    }

    static byte[] noUtf8(RandomGenerator random) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(utf8("a"));
        for (int value : one(NO_UTF8, random)) {
            bytes.write(value);
        }
        bytes.writeBytes(utf8("b"));
        return bytes.toByteArray();
    }

    private static byte[] deep(RandomGenerator random) {
        int depth = 1 << random.nextInt(2, 13);
        return switch (random.nextInt(4)) {
            case 0 -> utf8("[".repeat(depth));
            case 1 -> utf8("{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
            case 2 -> utf8("[{\"lines\":".repeat(depth / 4) + "1" + "}]".repeat(depth / 4));
            default -> utf8("[".repeat(depth) + "]".repeat(depth));
        };
    }

    private static String characters(RandomGenerator random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(1, 20); i > 0; i--) {
            text.append((char)
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> random.nextInt(0x80, 0x800);
                        case 2 -> random.nextInt(0x10000);
                        default -> random.nextInt(0x20, 0x7f);
                    });
        }
        return text.toString();
    }

    static String escaped(String text) {
        var escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                escaped.append("\\u%04x".formatted((int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static byte[] quoted(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        bytes.write('"');
        bytes.writeBytes(content);
        bytes.write('"');
        return bytes.toByteArray();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
