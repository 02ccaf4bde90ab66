package io.waybill.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.kernel.Event;
import io.waybill.kernel.Revision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps the published language from changing unnoticed. For each record of the sealed families it compares the type's
 * name, its shape and its example as JSON with {@code src/test/resources/contracts/<Name>.json}, and sees that the
 * example is read back equal. {@code -Dwaybill.contracts.accept=true} writes the files instead, so that a change of a
 * contract is a diff that someone reviews. After the event-contract snapshots of oskardudycz/EventSourcing.JVM.
 */
public final class ContractSnapshot {

    private static final String ACCEPT = "waybill.contracts.accept";
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

    private final ObjectMapper mapper;
    private final Path folder;
    private final boolean accept;

    ContractSnapshot(ObjectMapper mapper, Path folder, boolean accept) {
        this.mapper = mapper;
        this.folder = folder;
        this.accept = accept;
    }

    /** Snapshots of what this mapper writes, in the module that is tested. */
    public static ContractSnapshot of(ObjectMapper mapper) {
        return new ContractSnapshot(
                mapper, Path.of("src", "test", "resources", "contracts"), Boolean.getBoolean(ACCEPT));
    }

    /**
     * Compares all records of the families with their snapshots.
     *
     * @param families the sealed roots, such as {@code OrderCommand.class} and {@code OrderEvent.class}
     * @param examples one of each record, with every field filled
     * @throws AssertionError that tells every difference, missing example and orphaned snapshot
     */
    public void verify(List<Class<?>> families, List<? extends Record> examples) {
        Map<String, Class<?>> contracts = new TreeMap<>();
        families.forEach(family -> collect(family, contracts));
        Map<Class<?>, Record> exampleOf =
                examples.stream().collect(Collectors.toMap(Record::getClass, Function.identity()));
        List<String> problems = new ArrayList<>();
        contracts.forEach((name, type) -> problems.addAll(check(name, type, exampleOf)));
        problems.addAll(orphans(contracts));
        if (!problems.isEmpty()) {
            throw new AssertionError(String.join("\n\n", problems));
        }
    }

    private static void collect(Class<?> type, Map<String, Class<?>> contracts) {
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collect(permitted, contracts);
            }
        } else if (contracts.put(type.getSimpleName(), type) != null) {
            throw new IllegalArgumentException("two messages are named " + type.getSimpleName());
        }
    }

    private List<String> check(String name, Class<?> type, Map<Class<?>, Record> exampleOf) {
        Record example = exampleOf.get(type);
        if (!type.isRecord()) {
            return List.of(name + " is no record: a message is a record.");
        }
        if (Event.class.isAssignableFrom(type) && !type.isAnnotationPresent(Revision.class)) {
            return List.of(name + " has no @Revision: every event is stored and read for years.");
        }
        if (example == null) {
            return List.of(name + " has no example: give one with every field filled.");
        }
        String json = write(example);
        return Stream.of(readBack(example, json), compare(name, snapshot(type, json)))
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    private String readBack(Record example, String json) {
        try {
            boolean equal = example.equals(mapper.readValue(json, example.getClass()));
            return equal ? "" : nameOf(example.getClass()) + " is not read back as it was written: " + json;
        } catch (JsonProcessingException e) {
            return nameOf(example.getClass()) + " cannot be read back: " + e.getOriginalMessage();
        }
    }

    private String compare(String name, String actual) {
        Path file = folder.resolve(name + ".json");
        String stored = Files.exists(file) ? read(file) : "";
        if (stored.equals(actual)) {
            return "";
        }
        if (accept) {
            store(file, actual);
            return "";
        }
        String headline = stored.isEmpty() ? name + " has no snapshot yet" : "The contract of " + name + " changed";
        return headline + " (" + file + "):\n" + LineDiff.between(stored, actual) + advice();
    }

    private List<String> orphans(Map<String, Class<?>> contracts) {
        List<String> problems = new ArrayList<>();
        for (String name : new TreeSet<>(storedNames())) {
            if (!contracts.containsKey(name)) {
                problems.addAll(orphan(folder.resolve(name + ".json")));
            }
        }
        return problems;
    }

    private List<String> orphan(Path file) {
        if (accept) {
            delete(file);
            return List.of();
        }
        return List.of(file + " describes a message that is gone.\n" + advice());
    }

    private List<String> storedNames() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> Objects.toString(file.getFileName()))
                    .filter(file -> file.endsWith(".json"))
                    .map(file -> file.substring(0, file.length() - ".json".length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String advice() {
        return "If stored or foreign messages of the old shape would not survive this, raise the revision and add an"
                + " upcaster. Accept with -D" + ACCEPT + "=true and commit the file.";
    }

    private String snapshot(Class<?> type, String json) {
        ObjectNode snapshot = JsonNodeFactory.instance.objectNode();
        snapshot.put("type", nameOf(type));
        snapshot.set("shape", MessageShape.of(type));
        try {
            snapshot.set("example", new ObjectMapper().readTree(json));
            return new ObjectMapper()
                            .writer(new DefaultPrettyPrinter()
                                    .withObjectIndenter(INDENT)
                                    .withArrayIndenter(INDENT))
                            .writeValueAsString(snapshot)
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nameOf(Class<?> type) {
        return MessageShape.typeName(type);
    }

    private String write(Record example) {
        try {
            return mapper.writeValueAsString(example);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(nameOf(example.getClass()) + " cannot be written", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void store(Path file, String content) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
