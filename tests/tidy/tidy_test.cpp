// The house rules, as a test: who may include whom, no cycles, nothing left over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

const fs::path kRoot = RINGMAKER_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> files(const std::string& below, const std::set<std::string>& extensions) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / below)) {
    if (entry.is_regular_file() && extensions.contains(entry.path().extension().string())) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> sources(const std::string& below) { return files(below, {".h", ".cpp"}); }

std::string place_of(const fs::path& path) { return fs::relative(path, kRoot).string(); }

/// The room of a source: the folder below src/. Empty for main.cpp.
std::string room_of(const fs::path& path) {
  const std::string below = fs::relative(path, kRoot / "src").string();
  const size_t slash = below.find('/');
  return slash == std::string::npos ? "" : below.substr(0, slash);
}

struct Include {
  bool quoted = false;
  std::string path;
};

std::vector<Include> includes(const fs::path& path) {
  std::vector<Include> found;
  std::istringstream lines(read(path));
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kStart = "#include ";
    if (!line.starts_with(kStart)) {
      continue;
    }
    const std::string rest = line.substr(kStart.size());
    const size_t end = rest.find_first_of("\">", 1);
    if (end != std::string::npos) {
      found.push_back({rest.front() == '"', rest.substr(1, end - 1)});
    }
  }
  return found;
}

/// room -> rooms it may include, as the build wrote it down.
std::map<std::string, std::set<std::string>> include_law() {
  std::map<std::string, std::set<std::string>> law;
  std::istringstream lines(read(fs::path(RINGMAKER_BUILD_DIR) / "include_law.txt"));
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) {
      continue;
    }
    std::istringstream rooms(line.substr(colon + 1));
    std::set<std::string>& allowed = law[line.substr(0, colon)];
    for (std::string room; rooms >> room;) {
      allowed.insert(room);
    }
  }
  return law;
}

TEST(Tidy, RoomsIncludeOnlyWhatTheLawAllows) {
  const auto law = include_law();
  ASSERT_GE(law.size(), 13U);
  std::vector<std::string> broken;
  for (const fs::path& source : sources("src")) {
    const std::string room = room_of(source);
    if (room.empty()) {
      continue;
    }
    for (const Include& include : includes(source)) {
      const std::string other = include.path.substr(0, include.path.find('/'));
      if (include.quoted && law.contains(other) && other != room && !law.at(room).contains(other)) {
        broken.push_back(place_of(source) + " includes " + include.path);
      }
    }
  }
  EXPECT_THAT(broken, IsEmpty());
}

TEST(Tidy, OutsideLibrariesHaveOneDoorEach) {
  const std::vector<std::pair<std::string, std::set<std::string>>> doors{
      {"liburing", {"io"}},   {"llhttp", {"http"}},
      {"simdjson", {"wire"}}, {"fast_float", {"wire"}},
      {"Eigen", {}},  // of tests and benchmarks
      {"CLI/", {"cli"}},      {"toml", {"config"}},
      {"zlib", {"wire"}},     {"xxhash", {"model", "train"}},
      {"zstd", {"wire"}},     {"wslay", {"http"}},
  };
  std::vector<std::string> broken;
  for (const fs::path& source : sources("src")) {
    for (const Include& include : includes(source)) {
      for (const auto& [library, rooms] : doors) {
        if (!include.quoted && include.path.starts_with(library) &&
            !rooms.contains(room_of(source))) {
          broken.push_back(place_of(source) + " includes " + include.path);
        }
      }
    }
  }
  EXPECT_THAT(broken, IsEmpty());
}

TEST(Tidy, NoHeaderIncludesItselfByAnyPath) {
  std::map<std::string, std::vector<std::string>> graph;
  for (const fs::path& source : sources("src")) {
    const std::string name = fs::relative(source, kRoot / "src").string();
    for (const Include& include : includes(source)) {
      if (include.quoted) {
        graph[name].push_back(include.path);
      }
    }
  }
  std::map<std::string, int> state;  // 1: on the path, 2: done
  std::vector<std::string> cycles;
  const std::function<void(const std::string&)> visit = [&](const std::string& name) {
    state[name] = 1;
    for (const std::string& next : graph[name]) {
      if (state[next] == 1) {
        cycles.push_back(name + " -> " + next);
      } else if (state[next] == 0) {
        visit(next);
      }
    }
    state[name] = 2;
  };
  std::vector<std::string> names;
  for (const auto& [name, edges] : graph) {
    names.push_back(name);
  }
  for (const std::string& name : names) {
    if (state[name] == 0) {
      visit(name);
    }
  }
  EXPECT_THAT(cycles, IsEmpty());
}

/// So it is known to compile alone; check_headers compiles the headers that have no source.
TEST(Tidy, ASourceIncludesItsOwnHeaderFirst) {
  std::vector<std::string> late;
  for (const char* folder : {"src", "tests", "bench"}) {
    for (const fs::path& source : sources(folder)) {
      const fs::path header = fs::path(source).replace_extension(".h");
      if (source.extension() != ".cpp" || !fs::exists(header)) {
        continue;
      }
      const fs::path base = std::string_view(folder) == "src" ? kRoot / "src" : kRoot;
      const std::vector<Include> all = includes(source);
      if (all.empty() || all.front().path != fs::relative(header, base).string()) {
        late.push_back(place_of(source));
      }
    }
  }
  EXPECT_THAT(late, IsEmpty());
}

/// The noun of a source below src/, without the suffix of an instruction set: "wire/utf8".
std::string noun_of(const fs::path& source) {
  std::string noun = fs::relative(source, kRoot / "src").replace_extension().string();
  for (const std::string_view set : {"_avx2", "_avx512", "_neon"}) {
    if (noun.ends_with(set)) {
      noun.resize(noun.size() - set.size());
    }
  }
  return noun;
}

/// Sources that no test names yet. This list only ever gets shorter.
const std::set<std::string> kNounsWithoutTest{
    "http/connection",
    "http/connection_exchange",
};

TEST(Tidy, EverySourceHasATest) {
  std::set<std::string> tested;  // by a test of its name, or one that includes it
  for (const fs::path& test : sources("tests")) {
    const std::string noun = fs::relative(test, kRoot / "tests").replace_extension().string();
    constexpr std::string_view kSuffix = "_test";
    if (noun.ends_with(kSuffix)) {
      tested.insert(noun.substr(0, noun.size() - kSuffix.size()));
    }
    for (const Include& include : includes(test)) {
      tested.insert(fs::path(include.path).replace_extension().string());
    }
  }
  std::set<std::string> lacking;
  for (const fs::path& source : sources("src")) {
    const std::string noun = noun_of(source);
    if (source.extension() == ".cpp" && noun != "main" && !tested.contains(noun)) {
      lacking.insert(noun);
    }
  }
  for (const std::string& known : kNounsWithoutTest) {
    EXPECT_EQ(lacking.erase(known), 1U) << known << " has a test now: take it off the list";
  }
  EXPECT_THAT(lacking, IsEmpty());
}

TEST(Tidy, StandardErrorIsWrittenByOneFunction) {
  // Others throw, or set a stream's error, where it takes nothing.
  const std::set<std::string> own{"src/base/standard_error.cpp", "src/base/check.cpp"};
  std::vector<std::string> others;
  for (const fs::path& source : sources("src")) {
    const std::string text = read(source);
    const bool writes =
        std::ranges::any_of(std::array{"stderr", "std::cerr", "std::clog"},
                            [&](const char* name) { return text.find(name) != std::string::npos; });
    if (writes && !own.contains(place_of(source))) {
      others.push_back(place_of(source));
    }
  }
  EXPECT_THAT(others, IsEmpty());
}

TEST(Tidy, EveryFuzzBodyHasACorpus) {
  std::vector<std::string> without;
  for (const fs::path& source : sources("tests/fuzz")) {
    const std::string stem = source.stem().string();
    constexpr std::string_view kSuffix = "_fuzz";
    if (!stem.ends_with(kSuffix)) {
      continue;
    }
    const fs::path corpus =
        kRoot / "tests/fuzz/corpus" / stem.substr(0, stem.size() - kSuffix.size());
    if (!fs::is_directory(corpus) || fs::is_empty(corpus)) {
      without.push_back(place_of(source));
    }
  }
  EXPECT_THAT(without, IsEmpty());
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool is_place(const std::string& word) {
  const std::vector<std::string_view> roots{"src/",  "tests/", "scripts/",
                                            "docs/", "bench/", ".ci/"};
  return std::any_of(roots.begin(), roots.end(),
                     [&](std::string_view root) { return word.starts_with(root); });
}

/// "Suite.Name", "Suite.*", "Suite.Prefix*".
bool is_name_of_test(const std::string& word) {
  const size_t dot = word.find('.');
  return dot != std::string::npos && dot + 1 < word.size() && is_upper(word.front()) &&
         (is_upper(word[dot + 1]) || word[dot + 1] == '*');
}

/// The words between backticks in the last column of the tables of a Markdown file. ".Name" is of
/// the suite named before it in its cell.
std::vector<std::string> words_of_last_column(const fs::path& path) {
  std::vector<std::string> words;
  std::istringstream lines(read(path));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('|') || !line.ends_with('|')) {
      continue;
    }
    line.pop_back();
    std::istringstream parts(line.substr(line.rfind('|')));
    bool inside = false;
    std::string suite;
    for (std::string part; std::getline(parts, part, '`'); inside = !inside) {
      if (!inside || part.find(' ') != std::string::npos) {
        continue;
      }
      if (part.size() > 1 && part.front() == '.' && (is_upper(part[1]) || part[1] == '*')) {
        part.insert(0, suite.empty() ? "NoSuiteBefore" : suite);
      }
      if (!is_place(part) && is_name_of_test(part)) {
        suite = part.substr(0, part.find('.'));
      }
      words.push_back(part);
    }
  }
  return words;
}

/// "Suite.Name" of every test below tests/.
std::set<std::string> names_of_tests() {
  std::set<std::string> names;
  for (const fs::path& source : sources("tests")) {
    const std::string text = read(source);
    for (size_t at = text.find("\nTEST"); at != std::string::npos; at = text.find("\nTEST", at)) {
      const size_t open = text.find('(', at);
      const size_t comma = text.find(',', at);
      const size_t close = text.find(')', at);
      if (open < comma && comma < close && close != std::string::npos) {
        const size_t name = text.find_first_not_of(" \n", comma + 1);
        names.insert(text.substr(open + 1, comma - open - 1) + '.' +
                     text.substr(name, close - name));
      }
      ++at;
    }
  }
  return names;
}

bool names_a_test(const std::string& word, const std::set<std::string>& tests) {
  if (!word.ends_with('*')) {
    return tests.contains(word);
  }
  const std::string_view start = std::string_view(word).substr(0, word.size() - 1);
  const auto first = tests.lower_bound(std::string(start));
  return first != tests.end() && first->starts_with(start);
}

TEST(Tidy, ProofsOfPromisesExist) {
  const std::set<std::string> tests = names_of_tests();
  std::vector<std::string> missing;
  for (const char* page : {"docs/promises.md", "docs/contract.md"}) {
    const std::vector<std::string> proofs = words_of_last_column(kRoot / page);
    EXPECT_GT(proofs.size(), 20U) << page;
    for (const std::string& word : proofs) {
      // Of places with a star only the folder is looked for.
      const bool exists = is_place(word) ? fs::exists(kRoot / word.substr(0, word.find('*')))
                          : is_name_of_test(word) ? names_a_test(word, tests)
                                                  : true;
      if (!exists) {
        missing.push_back(std::string(page) + ": " + word);
      }
    }
  }
  EXPECT_THAT(missing, IsEmpty());
}

/// A comment that ends as a statement does. (Headers show in such comments how they are used.)
bool is_commented_out(const std::string& line) {
  const size_t start = line.find_first_not_of(' ');
  return start != std::string::npos && line.compare(start, 2, "//") == 0 && line.ends_with(';') &&
         (line.ends_with(");") || line.find(" = ") != std::string::npos ||
          line.find("return ") != std::string::npos);
}

TEST(Tidy, NothingIsLeftOver) {
  // Put together here, so that this file does not find itself.
  const std::vector<std::string> marks{
      "TO"
      "DO",
      "FIX"
      "ME",
      "HA"
      "CK",
      "XX"
      "X"};
  std::vector<std::string> found;
  for (const char* folder : {"src", "tests", "bench", "scripts", "cmake"}) {
    for (const fs::path& source : files(folder, {".h", ".cpp", ".py", ".sh", ".cmake", ".txt"})) {
      std::istringstream lines(read(source));
      size_t number = 0;
      for (std::string line; std::getline(lines, line);) {
        ++number;
        const bool marked = std::any_of(marks.begin(), marks.end(), [&](const std::string& mark) {
          // As a word of its own: names of temporary files end in six X.
          const size_t at = line.find(mark);
          const size_t end = at + mark.size();
          return at != std::string::npos && (at == 0 || std::isalpha(line[at - 1]) == 0) &&
                 (end == line.size() || std::isalpha(line[end]) == 0);
        });
        if (marked || (source.extension() == ".cpp" && is_commented_out(line))) {
          found.push_back(place_of(source) + ":" + std::to_string(number) + ": " + line);
        }
      }
    }
  }
  EXPECT_THAT(found, IsEmpty());
}

TEST(Tidy, EveryHeaderSaysWhatItIs) {
  std::vector<std::string> silent;
  for (const fs::path& source : sources("src")) {
    if (source.extension() == ".h" && !read(source).starts_with("//")) {
      silent.push_back(place_of(source));
    }
  }
  EXPECT_THAT(silent, IsEmpty());
}

TEST(Tidy, EveryHeaderIsIncludedOnce) {
  std::vector<std::string> bare;
  for (const char* folder : {"src", "tests", "bench"}) {
    for (const fs::path& source : sources(folder)) {
      // A *-inl.h is a piece of code that each instruction set includes into its own namespace.
      if (source.extension() == ".h" && !source.string().ends_with("-inl.h") &&
          read(source).find("#pragma once") == std::string::npos) {
        bare.push_back(place_of(source));
      }
    }
  }
  EXPECT_THAT(bare, IsEmpty());
}

/// Reported, not enforced: a long file may hold a second noun.
TEST(Tidy, LongFilesAreReported) {
  for (const fs::path& source : sources("src")) {
    const std::string text = read(source);
    const auto lines = std::count(text.begin(), text.end(), '\n');
    if (lines > 450) {
      std::printf("[ long file ] %s: %td lines\n", place_of(source).c_str(), lines);
    }
  }
}

}  // namespace
}  // namespace ringmaker
