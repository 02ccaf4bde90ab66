package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The README and {@code infra/docs}, held to what is really there. What they link to relatively, every path they write
 * in back-ticks or in a shell block, and every {@code Name.java} must exist. A word is a path if it has a slash and
 * begins with a folder of the tree, or ends like a file; a path below {@code target} is not looked for.
 */
public final class Documentation {

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```([a-z]*)\\n(.*?)^ *```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)[^)]*\\)");
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern URL = Pattern.compile("\\bhttps?://\\S+");
    private static final Pattern WORD = Pattern.compile("(?:\\./)?[\\w.+-]+(?:/[\\w.+-]+)*/?");
    private static final Pattern FILE_NAME =
            Pattern.compile("[\\w.-]+\\.(java|md|xml|yaml|yml|json|sql|properties|mmd|tf)");
    private static final Set<String> SHELLS = Set.of("sh", "bash", "shell", "console");
    private static final Set<String> SKIPPED = Set.of("target", ".git", "node_modules");

    private final Path root;
    private final Set<String> topLevel;
    private final Set<String> fileNames;

    private Documentation(Path root) {
        this.root = root;
        this.topLevel = new TreeSet<>();
        this.fileNames = new TreeSet<>();
        try {
            Files.walkFileTree(root, new NameCollector());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Walks round what builds make, which may vanish meanwhile. */
    private final class NameCollector extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (SKIPPED.contains(name(folder))) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            if (root.equals(folder.getParent())) {
                topLevel.add(name(folder));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            fileNames.add(name(file));
            return FileVisitResult.CONTINUE;
        }
    }

    /** The repository's root, found upwards from the module that is tested. */
    public static Path repositoryRoot() {
        Path start = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("infra/testing/pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above " + start + " holds infra/testing/pom.xml");
    }

    /** What the documents speak of and is not there, one sentence each; also that there is no README. */
    public static List<String> brokenReferences(Path root) {
        List<String> broken = new ArrayList<>();
        if (!Files.exists(root.resolve("README.md"))) {
            broken.add("README.md is missing: it is the first thing everyone reads");
        }
        Documentation documentation = new Documentation(root);
        documentation.documents().forEach(document -> broken.addAll(documentation.brokenIn(document)));
        return broken;
    }

    private List<Path> documents() {
        Path docs = root.resolve("infra/docs");
        if (!Files.isDirectory(docs)) {
            return Stream.of(root.resolve("README.md")).filter(Files::exists).toList();
        }
        try (Stream<Path> files = Files.walk(docs)) {
            return Stream.concat(
                            Stream.of(root.resolve("README.md")),
                            files.filter(file -> file.toString().endsWith(".md"))
                                    .sorted())
                    .filter(Files::exists)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> brokenIn(Path document) {
        String text = read(document);
        String prose = FENCE.matcher(text).replaceAll("");
        String shell = FENCE.matcher(text)
                .results()
                .filter(block -> SHELLS.contains(block.group(1)))
                .map(block -> block.group(2))
                .collect(Collectors.joining("\n"));

        Stream<String> links = groups(LINK, prose).filter(target -> linkIsBroken(document, target));
        Stream<String> words = Stream.concat(groups(CODE, prose), shell.lines())
                .map(code -> URL.matcher(code).replaceAll(""))
                .flatMap(code -> Arrays.stream(code.split("[\\s\"'()=,;:|]+", -1)))
                .filter(word -> WORD.matcher(word).matches())
                .filter(word -> wordIsBroken(document, word));
        return Stream.concat(links, words)
                .distinct()
                .map(target -> root.relativize(document) + " speaks of " + target + ", which is not there")
                .toList();
    }

    private boolean linkIsBroken(Path document, String target) {
        if (target.startsWith("#") || target.matches("[a-z][a-z+.-]*:.*")) {
            return false;
        }
        return !Files.exists(folderOf(document).resolve(target.replaceFirst("#.*", "")));
    }

    private boolean wordIsBroken(Path document, String word) {
        String path = word.replaceFirst("^\\./", "").replaceFirst("[.]$", "");
        if (!path.contains("/")) {
            return FILE_NAME.matcher(path).matches() && !fileNames.contains(path);
        }
        boolean isPath = topLevel.contains(path.substring(0, path.indexOf('/')))
                || FILE_NAME.matcher(path.substring(path.lastIndexOf('/') + 1)).matches();
        return isPath
                && isKept(Path.of(path))
                && !Files.exists(root.resolve(path))
                && !Files.exists(folderOf(document).resolve(path));
    }

    private static Path folderOf(Path document) {
        return Objects.requireNonNull(document.getParent());
    }

    private static boolean isKept(Path path) {
        return Stream.iterate(path, Objects::nonNull, Path::getParent)
                .map(Documentation::name)
                .noneMatch(SKIPPED::contains);
    }

    private static Stream<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(Documentation::firstGroup);
    }

    private static String firstGroup(MatchResult match) {
        return match.group(1);
    }

    private static String name(Path path) {
        return Objects.toString(path.getFileName());
    }

    private static String read(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
