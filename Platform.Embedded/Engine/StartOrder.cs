namespace Platform.Embedded.Engine;

/// <summary>Who waits for whom.</summary>
internal static class StartOrder
{
    /// <exception cref="EmbeddedException">Resources wait for each other in a circle, so that none of them would ever start.</exception>
    public static void Require(IReadOnlyList<Resource> resources)
    {
        var done = new HashSet<Resource>();
        foreach (var resource in resources)
        {
            Visit(resource, []);
        }

        void Visit(Resource resource, List<Resource> path)
        {
            if (path.Contains(resource))
            {
                throw new EmbeddedException($"Resources wait for each other: {string.Join(" -> ", path.SkipWhile(other => other != resource).Append(resource).Select(other => other.Name))}.");
            }
            if (done.Contains(resource))
            {
                return;
            }
            path.Add(resource);
            foreach (var dependency in resource.Dependencies)
            {
                Visit(dependency.On, path);
            }
            if (resource is PostgresDatabaseResource database)
            {
                Visit(database.Parent, path);
            }
            path.RemoveAt(path.Count - 1);
            done.Add(resource);
        }
    }

    /// <summary>
    /// The resources in the order in which they are stopped, in groups that stop at once: first those that nobody uses. Using
    /// is waiting for, or having been given the address of.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<Resource>> ForStop(IReadOnlyList<Resource> resources)
    {
        var left = resources.Where(resource => resource is not (ParameterResource or PostgresDatabaseResource)).ToList();
        List<IReadOnlyList<Resource>> groups = [];
        while (left.Count > 0)
        {
            var used = left.SelectMany(resource => Uses(resource).Where(other => other != resource)).ToHashSet();
            var group = left.Where(resource => !used.Contains(resource)).ToList();
            // Projects that have each other's address: no order is better than another.
            groups.Add(group.Count > 0 ? group : [.. left]);
            left = [.. left.Except(groups[^1])];
        }
        return groups;
    }

    private static IEnumerable<Resource> Uses(Resource resource)
    {
        var used = resource.Dependencies.Select(dependency => dependency.On);
        if (resource is ProjectResource project)
        {
            used = used.Concat(project.Services).Concat(project.References.Select(reference => (Resource)reference.Connection));
        }
        return used.Select(other => other is PostgresDatabaseResource database ? database.Parent : other);
    }
}
