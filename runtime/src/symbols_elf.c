/* Names of code in a static executable: its own symbol table, read when the first name is needed.
 *
 * Kea functions are told apart by their names: `Module.function`, beginning with a capital, which
 * no C symbol does here. */
#define _GNU_SOURCE
#include "internal.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *image;
static size_t image_bytes;
static bool tried;

static void map_image(void)
{
    tried = true;
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    struct stat status;
    if (fstat(fd, &status) == 0 && status.st_size > (off_t)sizeof(Elf64_Ehdr)) {
        void *at = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at != MAP_FAILED) {
            image = at;
            image_bytes = (size_t)status.st_size;
        }
    }
    close(fd);
}

static bool inside(uint64_t offset, uint64_t bytes)
{
    return offset <= image_bytes && bytes <= image_bytes - offset;
}

static const Elf64_Shdr *sections(uint16_t *count)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)image;
    *count = header->e_shnum;
    if (!inside(header->e_shoff, (uint64_t)header->e_shnum * sizeof(Elf64_Shdr)))
        return NULL;
    return (const Elf64_Shdr *)(const void *)(image + header->e_shoff);
}

static bool is_kea_name(const char *name)
{
    return name[0] >= 'A' && name[0] <= 'Z' && strchr(name, '.') != NULL;
}

static const char *find_name(const Elf64_Shdr *symbols, const Elf64_Shdr *names, uintptr_t code)
{
    if (!inside(symbols->sh_offset, symbols->sh_size) || !inside(names->sh_offset, names->sh_size))
        return NULL;
    const Elf64_Sym *symbol = (const Elf64_Sym *)(const void *)(image + symbols->sh_offset);
    const Elf64_Sym *end = symbol + symbols->sh_size / sizeof *symbol;
    for (; symbol < end; symbol++) {
        if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || code < symbol->st_value || code >= symbol->st_value + symbol->st_size)
            continue;
        if (symbol->st_name < names->sh_size && is_kea_name(image + names->sh_offset + symbol->st_name))
            return image + names->sh_offset + symbol->st_name;
    }
    return NULL;
}

bool keaint_symbol_name(uintptr_t code, char *to, size_t size)
{
    if (!tried)
        map_image();
    uint16_t count;
    const Elf64_Shdr *table = image == NULL ? NULL : sections(&count);
    if (table == NULL)
        return false;
    for (uint16_t i = 0; i < count; i++) {
        if (table[i].sh_type != SHT_SYMTAB || table[i].sh_link >= count)
            continue;
        const char *name = find_name(&table[i], &table[table[i].sh_link], code);
        if (name == NULL)
            return false;
        strncpy(to, name, size - 1);
        to[size - 1] = 0;
        return true;
    }
    return false;
}
