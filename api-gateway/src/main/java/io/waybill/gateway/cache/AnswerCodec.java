package io.waybill.gateway.cache;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Stored answers as bytes. What another version of the gateway wrote counts as not stored. */
final class AnswerCodec {

    private static final int VERSION = 1;

    private AnswerCodec() {}

    static byte[] encode(StoredAnswer answer) {
        var bytes = new ByteArrayOutputStream(512 + answer.body().length());
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeShort(answer.status());
            out.writeLong(answer.requestedAt().toEpochMilli());
            out.writeLong(answer.receivedAt().toEpochMilli());
            var position = answer.position();
            write(out, position == null ? "" : position.sortable());
            out.writeShort(answer.vary().fields().size());
            for (var field : answer.vary().fields().entrySet()) {
                write(out, field.getKey());
                write(out, field.getValue());
            }
            out.writeShort(answer.headers().lines().size());
            for (var line : answer.headers().lines()) {
                write(out, line.name());
                write(out, line.value());
            }
            write(out, answer.body().bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("memory is always writable", e);
        }
        return bytes.toByteArray();
    }

    /** The answer; null where the bytes are none. */
    static @Nullable StoredAnswer decode(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                return null;
            }
            var status = in.readShort();
            var requestedAt = Instant.ofEpochMilli(in.readLong());
            var receivedAt = Instant.ofEpochMilli(in.readLong());
            var position = text(in);
            var vary = new TreeMap<String, String>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                vary.put(text(in), text(in));
            }
            var lines = new ArrayList<HeaderLines.Line>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                lines.add(new HeaderLines.Line(text(in), text(in)));
            }
            return new StoredAnswer(
                    status,
                    new HeaderLines(lines),
                    new StoredAnswer.Body(bytes(in)),
                    new Vary.Selection(vary),
                    requestedAt,
                    receivedAt,
                    position.isEmpty() ? null : new Position(position));
        } catch (IOException e) {
            return null;
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        write(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        var length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("cut off");
        }
        return in.readNBytes(length);
    }
}
