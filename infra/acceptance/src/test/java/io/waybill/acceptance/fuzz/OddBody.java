package io.waybill.acceptance.fuzz;

import static io.waybill.acceptance.fuzz.Odd.utf8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** A good body with one or two things wrong: at a place of its tree, or in its text as a whole. */
@SuppressWarnings("ReferenceEquality") // which of two equal places is wrong
final class OddBody {

    private enum Mistake {
        REPLACED,
        OMITTED,
        TWICE,
        RENAMED,
        WRAPPED,
        WITH_ANOTHER_BESIDE
    }

    private final RandomGenerator random;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private JsonNode wrong;
    private Mistake mistake;

    private OddBody(RandomGenerator random) {
        this.random = random;
    }

    static byte[] of(JsonNode good, RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> broken(utf8(good.toString()), random);
            case 1 -> broken(mistaken(good, random), random);
            default -> mistaken(good, random);
        };
    }

    private static byte[] mistaken(JsonNode good, RandomGenerator random) {
        var body = new OddBody(random);
        var places = new ArrayList<JsonNode>();
        // Equal nodes may be one object, but which of two equal values is wrong does not matter.
        collect(good, places);
        body.wrong = Odd.one(places, random);
        body.mistake = Odd.one(List.of(Mistake.values()), random);
        if (random.nextBoolean()) {
            body.mistake = Mistake.REPLACED;
        }
        body.write(good, "");
        return body.text.toByteArray();
    }

    private static void collect(JsonNode node, List<JsonNode> places) {
        places.add(node);
        node.forEach(child -> collect(child, places));
    }

    private void write(JsonNode node, String name) {
        if (node != wrong) {
            writeMember(node, name);
            return;
        }
        switch (mistake) {
            case REPLACED -> {
                name(name);
                text.writeBytes(Odd.json(random));
            }
            // Only the whole can come here: what is left out below it is not written at all.
            case OMITTED -> {}
            case TWICE -> {
                writeMember(node, name);
                append(",");
                writeMember(node, name);
            }
            case RENAMED -> writeMember(node, name.isEmpty() ? name : Odd.escaped(renamed(name)));
            case WRAPPED -> {
                name(name);
                append(random.nextBoolean() ? "[" : "{\"value\":");
                writeMember(node, "");
                append(random.nextBoolean() ? "]" : "}");
            }
            case WITH_ANOTHER_BESIDE -> {
                writeMember(node, name);
                append(",");
                name(Odd.escaped(Odd.text(random)));
                text.writeBytes(Odd.json(random));
            }
        }
    }

    private String renamed(String name) {
        return switch (random.nextInt(3)) {
            case 0 -> name.toUpperCase(Locale.ROOT);
            case 1 -> name + " ";
            default -> Odd.text(random);
        };
    }

    private void writeMember(JsonNode node, String name) {
        name(name);
        if (node.isObject()) {
            append("{");
            String separator = "";
            for (var member : node.properties()) {
                if (isLeftOut(member.getValue())) {
                    continue;
                }
                append(separator);
                write(member.getValue(), member.getKey());
                separator = ",";
            }
            append("}");
        } else if (node.isArray()) {
            append("[");
            String separator = "";
            for (JsonNode item : node) {
                if (isLeftOut(item)) {
                    continue;
                }
                append(separator);
                write(item, "");
                separator = ",";
            }
            append("]");
        } else {
            append(node.toString());
        }
    }

    private boolean isLeftOut(JsonNode node) {
        return node == wrong && mistake == Mistake.OMITTED;
    }

    private void name(String name) {
        if (!name.isEmpty()) {
            append("\"" + name + "\":");
        }
    }

    private void append(String part) {
        text.writeBytes(utf8(part));
    }

    private static byte[] broken(byte[] body, RandomGenerator random) {
        return switch (random.nextInt(11)) {
            case 0 -> Arrays.copyOf(body, random.nextInt(body.length + 1));
            case 1 -> joined(body, Odd.json(random));
            case 2 -> joined(body, utf8(Odd.text(random)));
            case 3 ->
                joined(utf8(Odd.one(List.of("\ufeff", ")]}',\n", "/* */", "// x\n", "#\n", "\u00a0"), random)), body);
            case 4 -> flipped(body, random);
            case 5 ->
                new String(body, StandardCharsets.UTF_8)
                        .getBytes(Odd.one(
                                List.of(
                                        StandardCharsets.UTF_16,
                                        StandardCharsets.UTF_16LE,
                                        Charset.forName("UTF-32BE")),
                                random));
            case 6 ->
                new String(body, StandardCharsets.UTF_8).replace('"', '\'').getBytes(StandardCharsets.UTF_8);
            case 7 -> inserted(body, Odd.noUtf8(random), random);
            case 8 ->
                utf8(Odd.one(List.of("", " ", "\n", "null", "\u0000", "\"", "{", "[", "}", "<a/>", "a=b&c=d"), random));
            case 9 -> inserted(body, new byte[] {(byte) random.nextInt(256)}, random);
            default -> joined(body, new byte[random.nextInt(1, 1_000)]);
        };
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] inserted(byte[] body, byte[] more, RandomGenerator random) {
        int place = random.nextInt(body.length + 1);
        return joined(joined(Arrays.copyOf(body, place), more), Arrays.copyOfRange(body, place, body.length));
    }

    private static byte[] flipped(byte[] body, RandomGenerator random) {
        byte[] flipped = body.clone();
        for (int i = random.nextInt(1, 4); i > 0 && flipped.length > 0; i--) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }
}
